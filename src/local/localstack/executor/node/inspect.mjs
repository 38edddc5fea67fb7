// Opens Node's inspector for a debugger, and leads it to the user's sources.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import inspector from 'node:inspector';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseHandler } from './handler.mjs';

const COMMENT = '\n//# sourceMappingURL=';

/** The module's source map with the places and texts of the user's files, which are relative to `sources`. */
function mapOf(file, sources) {
  const map = JSON.parse(readFileSync(file, 'utf8'));
  const files = map.sources.map((source) => path.resolve(sources, source));
  return {
    ...map,
    sources: files.map((each) => pathToFileURL(each).href),
    sourcesContent: files.map((each) => (existsSync(each) ? readFileSync(each, 'utf8') : null)),
  };
}

/** Adds the source map to a module that the build bundled. In the module, as debuggers may not read other files. */
function addMap(module, sources) {
  if (!existsSync(`${module}.map`) || readFileSync(module, 'utf8').includes(COMMENT)) return;
  const map = Buffer.from(JSON.stringify(mapOf(`${module}.map`, sources))).toString('base64');
  appendFileSync(module, `${COMMENT}data:application/json;base64,${map}\n`);
}

/** Returns the address of the inspector; undefined if the port is in use. */
export function openInspector({ port, sources }, root, handler) {
  if (sources !== undefined) {
    const { directory, module } = parseHandler(handler);
    addMap(path.join(root, directory, `${module}.mjs`), sources);
  }
  inspector.open(port, '127.0.0.1');
  return inspector.url();
}
