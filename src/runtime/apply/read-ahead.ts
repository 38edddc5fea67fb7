import type { Step } from '../plan.ts';
import { kindOf } from '../resources/index.ts';
import type { AheadReader } from '../resources/kind.ts';

/** Sends a step's first read before the step starts, which reads again what could not be read ahead. */
export function readAhead({ kind, ref }: Step, reader: AheadReader): void {
  kindOf(kind)
    .readAhead?.(ref, reader)
    .catch(() => undefined);
}
