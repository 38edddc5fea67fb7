import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Event } from './events.ts';
import { timelineOf } from './timeline.ts';
import { timelineSvg } from './timeline-svg.ts';
import { timelineText } from './timeline-text.ts';

/** Keeps the events of a run, to write its timeline when it has ended: SVG where the file's name ends in .svg, else text. */
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

/** Where a hook writes its timeline: the file that READY_HOOKS_TIMELINE names; a folder (`…/`) takes a picture of each hook. */
export function hookTimelineFile(named: string, hook: string): string {
  return named.endsWith('/') ? join(named, `${hook}.svg`) : named;
}
