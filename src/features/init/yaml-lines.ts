import type { Node } from 'yaml';
import type { Lines } from './service.ts';

/** Lines to insert into a text. */
export interface Edit {
  /** Insert after the line with this offset. */
  at: number;
  lines: Lines;
}

/** From the end, so that earlier offsets stay valid; of two at one place, the last comes first in the text. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((one, other) => other.at - one.at)
    .reduce((before, { at, lines }) => insertLines(before, at, lines), text);
}

/** The offset of a node's last character. */
export function endOf(node: Node): number {
  return Math.max(0, (node.range?.[1] ?? 1) - 1);
}

/** The indentation of a block: the column of its first entry. */
export function columnOf(text: string, node: Node): number {
  const start = node.range?.[0] ?? 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

function insertLines(text: string, at: number, lines: Lines): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const end = text.indexOf('\n', at);
  const [before, after] = end < 0 ? [`${text}${eol}`, ''] : [text.slice(0, end + 1), text.slice(end + 1)];
  return before + lines.map((line) => line + eol).join('') + after;
}
