import { relative } from 'node:path';
import type { Event } from '../../runtime/report/events.ts';
import { logRenderer, type Paint } from '../../runtime/report/log.ts';
import { type Inspected, launchConfiguration } from '../inspect/inspector.ts';
import { seenLines } from '../tail/render.ts';
import type { Seen } from '../tail/tail.ts';
import type { EngineNews } from './engine.ts';

/** An event of `dev` itself. `at` is milliseconds since the epoch, as in `Seen`. */
export type Noticed = {
  at: number;
} /** At the start; with `folder`, also definitions that are added to it later. */ & (
  | { type: 'watching'; definitions: string[]; folder?: string }
  | { type: 'changed'; paths: string[] }
  | { type: 'definition-added'; definition: string }
  | { type: 'definition-removed'; definition: string }
  /** The reason why a definition is not ready, or a bucket or function cannot be followed, as a sentence. */
  | { type: 'problem'; problem: string; definition?: string }
  /** With --inspect, a function that a debugger can attach to. */
  | ({ type: 'inspected' } & Inspected)
  | (EngineNews & { endpoint: string })
);

/** Everything that `dev` reports: its own events, the progress of each run, new objects and function logs. */
export type DevEvent = Noticed | Event | Seen;

/** Renders events as lines for people. */
export function textRenderer(
  write: (line: string) => void,
  paint: Paint = (_, text) => text,
): (event: DevEvent) => void {
  const print = (sentence: string) => write(`ready-hooks: ${sentence}`);
  let log = logRenderer(write, paint);
  return (event) => {
    switch (event.type) {
      case 'log':
      case 'object':
      case 'record':
        return seenLines(event, true).forEach(write);
      case 'watching':
        return print(`watching ${watched(event)}; press Ctrl-C to stop`);
      case 'changed':
        return print(`${event.paths.map((path) => relative('.', path)).join(', ')} changed`);
      case 'definition-added':
        return print(`${event.definition} added`);
      case 'definition-removed':
        return print(
          `${event.definition} removed; its resources still exist. To delete what no other definition declares, restore the file and run \`npx ready-hooks destroy ${event.definition}\``,
        );
      case 'problem':
        print(paint('bad', event.problem));
        return event.definition === undefined ? undefined : print('waiting for a fix');
      case 'inspected':
        print(
          `debug ${event.function} at 127.0.0.1:${event.port}: with chrome://inspect, or VS Code and this in .vscode/launch.json:`,
        );
        return write(`  ${JSON.stringify(launchConfiguration(event))}`);
      case 'engine-away':
        return print(`waiting for ${event.endpoint} to answer`);
      case 'engine-back':
        return print(backSentence(event));
      case 'start':
        log = logRenderer(write, paint);
    }
    log(event);
  };
}

function watched({ definitions, folder }: { definitions: string[]; folder?: string }): string {
  const files = `${definitions.join(', ')} and their imports, functions and seeds`;
  return folder === undefined ? files : `${files}, and ${folder} for new definitions`;
}

function backSentence({ endpoint, restarted }: { endpoint: string; restarted?: boolean }): string {
  if (restarted) return `the engine at ${endpoint} restarted; applying again`;
  if (restarted === false) return `${endpoint} answers again`;
  return `${endpoint} answers again, but does not report whether it restarted; applying again`;
}
