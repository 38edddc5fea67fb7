import { fill } from '../../definition/template.ts';

/** A text that holds no placeholders any more, with `$${` as the `${` that it stands for. */
export function literal(text: string): string {
  return fill(text, {}, () => {});
}
