import { OLDEST_NODE } from './oldest-node.ts';

// hook.ts imports this first: later modules may not even load on an older Node.js.
if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  const hook = process.argv[2]?.replace(/^.*\//, '') ?? 'ready-hooks';
  process.stderr.write(`${hook}: this hook needs Node.js ${OLDEST_NODE} or newer, but found ${process.version}.\n`);
  process.exit(1);
}
