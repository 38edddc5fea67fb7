import { dirname, join } from 'node:path';
import { mkdir, writeFile } from '../file-system.ts';
import type { Event } from './events.ts';
import { timelineOf } from './timeline.ts';
import { timelineSvg } from './timeline-svg.ts';
import { timelineText } from './timeline-text.ts';

/** Collects the events of a run to write its timeline at the end: as SVG if the file's name ends in .svg, else as text. */
export function timelineFile(file: string) {
  const events: Event[] = [];
  return {
    onEvent: (event: Event) => void events.push(event),
    write: async () => {
      const timeline = timelineOf(events);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, /\.svg$/i.test(file) ? timelineSvg(timeline) : timelineText(timeline));
    },
  };
}

/** The file for a hook's timeline. READY_HOOKS_TIMELINE names a file, or a folder (`…/`) that gets one SVG per hook. */
export function hookTimelineFile(target: string, hook: string): string {
  return target.endsWith('/') ? join(target, `${hook}.svg`) : target;
}
