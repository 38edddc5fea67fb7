import { relative } from 'node:path';
import type { Event } from '../../runtime/report/events.ts';
import { logRenderer } from '../../runtime/report/log.ts';
import { seenLines } from '../tail/render.ts';
import type { Seen } from '../tail/tail.ts';
import type { EngineNews } from './engine.ts';

/** What `dev` itself has noticed or done. `at` is milliseconds since the epoch, as in what was seen. */
export type Noticed = { at: number } & (
  | { type: 'changed'; paths: string[] }
  | { type: 'definition-added'; definition: string }
  | { type: 'definition-removed'; definition: string }
  /** What keeps a definition from being ready, or a bucket or function from being followed, in a sentence. */
  | { type: 'problem'; problem: string; definition?: string }
  | (EngineNews & { endpoint: string })
);

/** All that `dev` reports: what it noticed, the progress of each run, and what buckets received and functions logged. */
export type DevEvent = Noticed | Event | Seen;

/** Renders events as lines for people, as they come. */
export function textRenderer(write: (line: string) => void): (event: DevEvent) => void {
  const print = (sentence: string) => write(`ready-hooks: ${sentence}`);
  let log = logRenderer(write);
  return (event) => {
    switch (event.type) {
      case 'log':
      case 'object':
        return seenLines(event, true).forEach(write);
      case 'changed':
        return print(`${event.paths.map((path) => relative('.', path)).join(', ')} changed`);
      case 'definition-added':
        return print(`${event.definition} is new`);
      case 'definition-removed':
        return print(
          `${event.definition} is gone, and what it declared stays: to remove that, bring the file back and run \`ready-hooks destroy ${event.definition}\``,
        );
      case 'problem':
        print(event.problem);
        return event.definition === undefined ? undefined : print('waiting for it to be mended');
      case 'engine-away':
        return print(`waiting for ${event.endpoint} to answer`);
      case 'engine-back':
        return print(backSentence(event));
      case 'start':
        log = logRenderer(write);
    }
    log(event);
  };
}

function backSentence({ endpoint, startedAnew }: { endpoint: string; startedAnew?: boolean }): string {
  if (startedAnew) return `the engine at ${endpoint} was started anew: applying again`;
  if (startedAnew === false) return `${endpoint} answers again`;
  return `${endpoint} answers again, and does not tell whether it was started anew: applying again`;
}
