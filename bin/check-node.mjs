// Imported before anything that an older Node.js cannot load, so it uses only old syntax. A test compares the version with package.json.
const NEEDED = 20;
if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write(
    `ready-hooks: Node.js ${process.versions.node} is too old; ready-hooks needs ${NEEDED} or newer. Install one from https://nodejs.org or with your version manager, such as \`nvm install --lts\`.\n`,
  );
  process.exit(1);
}
