#!/bin/sh
# Writes the hashed locks of `npx ready-hooks up` (src/local/*/locks): LocalStack with the dependencies available shortly
# after its release (later ones break it), LocalEmu, MiniStack, uv, and the Kinesis engine that each LocalStack uses.
# Needs uv and npm. The locks contain no addresses: the user's registry settings decide where packages come from.
set -eu
cd "$(dirname "$0")/../src/local/localstack/locks"

# lock NAME REQUIREMENT OLDEST-PYTHON PYTHON-BELOW RESOLVE-AS-OF [OVERRIDE]
lock() {
  in=$(mktemp) over=$(mktemp)
  echo "$2 ; python_version < '$4'" >"$in"
  echo "${6:-}" >"$over"
  uv pip compile "$in" --override "$over" --universal --python-version "$3" --exclude-newer "$5" \
    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet --output-file "$1.txt"
  # If the bound stayed as a marker, a wrong Python would install nothing and report success.
  sed -i.bak -e "s/ ; python_full_version < '$4' \\\\/ \\\\/" -e "s/python_full_version < '$4' and //" "$1.txt"
  rm -f "$in" "$over" "$1.txt.bak"
}

# moto restricts aws-sam-translator only on Python 3.14. The resolver applies that although the bound excludes 3.14.
lock localstack-2026.3.0 'localstack-core[runtime]==2026.3.0' 3.12 3.14 2026-04-15 "aws-sam-translator>=1.105.0"
lock localstack-4.14.0 'localstack-core[runtime]==4.14.0' 3.12 3.14 2026-02-28 "aws-sam-translator>=1.105.0"
lock localstack-4.8.1 'localstack-core[runtime]==4.8.1' 3.11 3.12 2025-09-30
# amazon-kclpy does not build; nothing here needs it.
lock localstack-3.8.1 'localstack-core[runtime]==3.8.1' 3.11 3.12 2024-10-20 "amazon-kclpy ; python_version < '0'"
lock localstack-4.2.0 'localstack-core[runtime]==4.2.0' 3.11 3.12 2025-03-05 "amazon-kclpy ; python_version < '0'"
lock ../../localemu/locks/localemu-1.3.2 'localemu==1.3.2' 3.12 3.14 2026-11-30 "aws-sam-translator>=1.105.0"
lock ../../ministack/locks/ministack-1.5.33 'ministack==1.5.33' 3.10 4 "$(date +%F)"
lock ../../python/locks/uv 'uv==0.11.33' 3.11 4 "$(date +%F)"

for version in 0.5.2 0.4.13 0.4.8 0.4.6; do
  mkdir -p "kinesis-local-$version"
  (
    cd "kinesis-local-$version"
    rm -f package-lock.json
    printf '{\n  "private": true,\n  "dependencies": { "kinesis-local": "%s" }\n}\n' "$version" >package.json
    npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund >/dev/null
  )
done

if grep -rn '://' . ../../*/locks; then
  echo 'A lock contains an address (see above).' >&2
  exit 1
fi
