import { readable } from './log-text.ts';
import type { Seen } from './tail.ts';

/** Lines for people, with the time. `named` adds the source, for when there are several. */
export function seenLines(seen: Seen, named: boolean): string[] {
  const time = new Date(seen.at).toISOString().slice(11, 23);
  const first = named ? `${time} ${seen.source}` : time;
  if (seen.type === 'log') return readable(seen.text).map((line) => `${first}  ${line}`);
  if (seen.type === 'record') {
    const [line = '', ...more] = (seen.text?.replace(/\n$/, '') ?? `base64 ${seen.base64}`).split('\n');
    return [`${first}  ${seen.partitionKey}: ${line}`, ...more.map((each) => `    ${each}`)];
  }
  return [`${first}  + ${seen.key} (${seen.size} bytes)`, ...(seen.lines ?? []).map((line) => `    ${line}`)];
}
