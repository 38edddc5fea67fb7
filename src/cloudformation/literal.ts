import { fill } from '../runtime/definition/placeholder-syntax.ts';

/** Unescapes a string without placeholders: `$${` becomes `${`. */
export function literal(text: string): string {
  return fill(text, {}, () => {});
}

/** Escapes a string for a definition, so that nothing in it is a placeholder. */
export function escaped(text: string): string {
  // A function, because $$ in a replacement string means one $.
  return text.replaceAll('${', () => '$${');
}
