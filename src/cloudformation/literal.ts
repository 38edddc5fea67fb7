import { fill } from '../runtime/definition/placeholder-syntax.ts';

/** A text that holds no placeholders any more, with `$${` as the `${` that it stands for. */
export function literal(text: string): string {
  return fill(text, {}, () => {});
}

/** Text of a definition in which nothing is a placeholder. */
export function escaped(text: string): string {
  // A function, as in a replacement text $$ is one $.
  return text.replaceAll('${', () => '$${');
}
