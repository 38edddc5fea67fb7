import { writeFile } from 'node:fs/promises';
import type { Event } from './events.ts';
import { timelineOf } from './timeline.ts';
import { timelineSvg } from './timeline-svg.ts';
import { timelineText } from './timeline-text.ts';

/** Keeps the events of a run, to write its timeline when it has ended: SVG where the file's name ends in .svg, else text. */
export function timelineFile(file: string) {
  const events: Event[] = [];
  return {
    onEvent: (event: Event) => void events.push(event),
    write: () => {
      const timeline = timelineOf(events);
      return writeFile(file, /\.svg$/i.test(file) ? timelineSvg(timeline) : timelineText(timeline));
    },
  };
}
