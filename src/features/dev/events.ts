import { relative } from 'node:path';
import type { Event } from '../../runtime/report/events.ts';
import { logRenderer } from '../../runtime/report/log.ts';
import { seenLines } from '../tail/render.ts';
import type { Seen } from '../tail/tail.ts';
import type { EngineNews } from './engine.ts';

/** An event of `dev` itself. `at` is milliseconds since the epoch, as in `Seen`. */
export type Noticed = { at: number } & (
  | { type: 'changed'; paths: string[] }
  | { type: 'definition-added'; definition: string }
  | { type: 'definition-removed'; definition: string }
  /** The reason why a definition is not ready, or a bucket or function cannot be followed, as a sentence. */
  | { type: 'problem'; problem: string; definition?: string }
  | (EngineNews & { endpoint: string })
);

/** Everything that `dev` reports: its own events, the progress of each run, new objects and function logs. */
export type DevEvent = Noticed | Event | Seen;

/** Renders events as lines for people. */
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
        return print(`${event.definition} added`);
      case 'definition-removed':
        return print(
          `${event.definition} removed; its resources still exist. To delete them, restore the file and run \`npx ready-hooks destroy ${event.definition}\``,
        );
      case 'problem':
        print(event.problem);
        return event.definition === undefined ? undefined : print('waiting for a fix');
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

function backSentence({ endpoint, restarted }: { endpoint: string; restarted?: boolean }): string {
  if (restarted) return `the engine at ${endpoint} restarted; applying again`;
  if (restarted === false) return `${endpoint} answers again`;
  return `${endpoint} answers again, but does not report whether it restarted; applying again`;
}
