import type { Settings } from '../../../src/runtime/resources/mapping/settings.ts';
import type { Lab } from './lab.ts';

/** What a setting, or an event, does on an engine. */
export type Verdict =
  | 'works'
  | 'ignored'
  | 'rejected'
  | 'accepted'
  | 'delivers nothing'
  | 'loses records'
  | 'repeats records'
  | 'stays';

export interface Outcome {
  verdict: Verdict;
  /** What was counted, for people. It may differ from run to run. */
  seen: string;
}

export interface Probe {
  /** The name of its row. */
  title: string;
  /** What AWS does: which records arrive, and how. */
  works: string;
  /** The verdict of an engine that does the same. Default: works. */
  right?: Verdict;
  /** The setting of a definition that it measures; without one, it measures the engine's behaviour. */
  setting?: keyof Settings | 'startingPosition' | 'enabled';
  /** It keeps a poller busy. An engine with one poller for all mappings would delay the others, so it runs after them. */
  busy?: true;
  run(lab: Lab): Promise<Outcome>;
}
