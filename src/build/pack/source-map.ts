interface SourceMap {
  sources: string[];
  mappings: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A source map of only the user's files: with those of packages, it would add half to a zip. */
export function ownSources(text: string): string {
  const { sources, mappings } = JSON.parse(text) as SourceMap;
  const kept = [...sources.entries()].filter(([, source]) => !/(^|\/)node_modules\//.test(source));
  const newIndex = new Map(kept.map(([index], position) => [index, position]));
  // Positions in a map are differences to the previous ones: original source, line and column.
  const read = [0, 0, 0];
  const written = [0, 0, 0];
  let isOwn = false;
  const line = (segments: string) => {
    let column = 0;
    let writtenColumn = 0;
    const out: string[] = [];
    for (const segment of segments.split(',').filter(Boolean)) {
      const [columns = 0, ...position] = decode(segment);
      column += columns;
      for (const [index, value] of position.slice(0, 3).entries()) read[index] = (read[index] ?? 0) + value;
      const source = position.length > 0 ? newIndex.get(read[0] ?? 0) : undefined;
      // Code of others ends the user's, and needs no further segments.
      if (source === undefined && !isOwn) continue;
      isOwn = source !== undefined;
      const target = source === undefined ? [] : [source, read[1] ?? 0, read[2] ?? 0];
      out.push(encode([column - writtenColumn, ...target.map((value, index) => value - (written[index] ?? 0))]));
      for (const [index, value] of target.entries()) written[index] = value;
      writtenColumn = column;
    }
    return out.join(',');
  };
  const lines = mappings.split(';').map(line);
  return JSON.stringify({
    version: 3,
    sources: kept.map(([, source]) => source),
    names: [],
    mappings: lines.join(';'),
  });
}

/** Base64 VLQ: five bits per digit, the lowest first; the sign is the lowest bit of the number. */
function decode(segment: string): number[] {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    values.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return values;
}

function encode(values: readonly number[]): string {
  return values.map(encodeOne).join('');
}

function encodeOne(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

/**
 * Code in front of a bundle that shows positions in the user's files in stacks, from the map beside the bundle. It reads the map at
 * the first stack, so a start without an error costs nothing; Node's own --enable-source-maps reads it at each start, and needs a
 * variable that the definition does not declare. Runs on Node.js 14 and newer.
 */
export const STACKS = `import { readFileSync as __ready_read } from 'node:fs';
import { SourceMap as __ready_SourceMap } from 'node:module';
let __ready_map;
const __ready_frame = (site) => {
  const text = String(site);
  try {
    if (site.getFileName() !== import.meta.url) return text;
    if (!__ready_map) __ready_map = new __ready_SourceMap(JSON.parse(__ready_read(new URL(import.meta.url + '.map'), 'utf8')));
    const { originalSource: file, originalLine: line, originalColumn: column } = __ready_map.findEntry(site.getLineNumber() - 1, site.getColumnNumber() - 1);
    return file ? text.replace(/[^( ]+:\\d+:\\d+(?=\\)?$)/, () => file + ':' + (line + 1) + ':' + (column + 1)) : text;
  } catch {
    return text;
  }
};
// Newer versions of Node.js have a default of this name.
if (!Error.prepareStackTrace || Error.prepareStackTrace.name === 'ErrorPrepareStackTrace') Error.prepareStackTrace = (error, sites) => {
  let text = 'Error';
  try { text = String(error); } catch {}
  return [text, ...sites.map((site) => '    at ' + __ready_frame(site))].join('\\n');
};`;
