import type { Identity } from '../identity.ts';

/** What happened to a step's resource. */
export type Outcome = 'created' | 'updated' | 'unchanged' | 'existing' | 'deleted' | 'absent';

/** The subject of an event; `step` is its label, for people: `stream orders`. */
export interface Subject extends Identity {
  step: string;
}

/** How a step ended: ready (`outcome`), failed (`failure`), or not attempted (neither). */
export interface StepEnd extends Subject {
  outcome?: Outcome;
  failure?: Error;
}

/** Progress of one step. */
export type StepEvent = Subject &
  (
    | { type: 'step-started' }
    | { type: 'waiting'; until: string; seen: string }
    | { type: 'request'; operation: string; why: string }
    | { type: 'warning'; message: string }
    | {
        type: 'retry';
        operation: string;
        error: string;
        attempt: number;
        inMs: number;
        /** The engine did not respond: it may have restarted and lost its state. */
        lostContact?: true;
      }
    | { type: 'settling'; ms: number }
    | { type: 'step-ready'; outcome: Outcome; tookMs: number }
    | { type: 'step-failed'; problem: string; tookMs: number /** The run was stopped. */; aborted?: true }
  );

/** Progress of a run, as data. Times are milliseconds since the run's start. */
export type Event = { at: number } & (
  | {
      type: 'start';
      pipeline: string;
      engine: string;
      endpoint: string;
      /** The run deletes only what the pipeline made and no longer declares. */
      prunes?: true;
      /** `id` and `needs` are labels. */
      steps: (Identity & { id: string; needs: string[] })[];
    }
  | StepEvent
  | {
      /** After a run: what the pipeline made and no longer declares. */
      type: 'left-over';
      pipeline: string;
      resources: LeftOverResource[];
      /** The commands that delete mappings and functions, and also streams and buckets with their data. */
      commands: { functions?: string; data?: string };
      /** Why it is unknown. */
      problem?: string;
    }
  /** Lists of labels. */
  | { type: 'end'; ready: string[]; failed: string[]; notAttempted: string[]; outcomes: Record<string, Outcome> }
);

export interface LeftOverResource extends Subject {
  /** A mapping that still handles the records of a stream that the pipeline declares. */
  stillReads?: true;
  /** What uses it, so that no command of ready-hooks deletes it. */
  usedBy?: string;
}

// Omit on a union keeps only the shared keys, so it is applied to each member.
export type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never;

/** Reports an event; the run adds the time. */
export type Emit = (event: WithoutTime<Event>) => void;

type WithoutSubject<E> = E extends unknown ? Omit<E, keyof Subject> : never;

/** Reports an event of one step; the step is added. */
export type EmitOfStep = (event: WithoutSubject<StepEvent>) => void;
