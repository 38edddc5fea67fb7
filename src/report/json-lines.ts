import type { Event } from './events.ts';

/** Renders events as JSON, one object a line, as they come. */
export function jsonRenderer(write: (line: string) => void): (event: Event) => void {
  return (event) => write(JSON.stringify(event));
}
