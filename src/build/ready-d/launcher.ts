/** The runtime's file name beside the launchers. */
export const RUNTIME_FILE = 'ready-hooks.mjs';

/** The oldest Node.js in images that people run: LocalStack 3.0 to 4.7. */
const OLDEST_NODE = 18;

/**
 * The hook itself: the few lines of POSIX sh that an engine starts, as `./x.sh`, as `sh x.sh`, from any folder and from a read-only
 * mount. `name` is a checked hook name, so it needs no quoting.
 */
export function launcher(
  name: string,
  comment = `Made by ready-hooks build, which will write it anew: change the definition ${name}, not this.`,
): string {
  return `#!/bin/sh
# ${comment}
case $0 in */*) dir=\${0%/*} ;; *) dir=. ;; esac
no() { echo "${name}: $*" >&2; exit 1; }

version=$(node --version 2>/dev/null) || no "this hook needs Node.js ${OLDEST_NODE} or newer, and there is no node that runs in PATH=$PATH. LocalStack's own image has one; its s3 image does not."
major=\${version#v}
[ "\${major%%.*}" -ge ${OLDEST_NODE} ] 2>/dev/null || no "this hook needs Node.js ${OLDEST_NODE} or newer, and node is $version."
[ -f "$dir/${RUNTIME_FILE}" ] || no "${RUNTIME_FILE} is not beside this script: mount the whole ready.d folder (looked in $dir)."
exec node -- "$dir/${RUNTIME_FILE}" "$dir/${name}"
`;
}

/** A hook that takes its name from its own file, so that a copy under another name runs the pipeline in the folder of that name. */
export function selfNamedLauncher(comment: string): string {
  return launcher('$name', `${comment}\nname=\${0##*/}\nname=\${name%.sh}`);
}
