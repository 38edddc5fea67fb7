/** What happened to a step's resource. */
export type Outcome = 'created' | 'updated' | 'unchanged' | 'existing' | 'removed' | 'absent';

/** Progress of a run, as data. Times are milliseconds since the run's start. */
export type Event = { at: number } & (
  | { type: 'start'; pipeline: string; engine: string; endpoint: string; steps: { id: string; needs: string[] }[] }
  | { type: 'step-started'; step: string }
  | { type: 'waiting'; step: string; until: string; seen: string }
  | { type: 'request'; step: string; operation: string; why: string }
  | { type: 'warning'; step: string; message: string }
  | {
      type: 'retry';
      step: string;
      operation: string;
      error: string;
      attempt: number;
      inMs: number;
      /** The engine gave no answer: it may have been started anew, without what it held. */
      lostContact?: true;
    }
  | { type: 'settling'; step: string; ms: number }
  | { type: 'step-ready'; step: string; outcome: Outcome; tookMs: number }
  | { type: 'step-failed'; step: string; problem: string; tookMs: number }
  | { type: 'end'; ready: string[]; failed: string[]; notAttempted: string[]; outcomes: Record<string, Outcome> }
);

export type EventType = Event['type'];
// Omit over a union keeps only what all members share, so it is spread over each.
export type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never;

/** Takes an event as a part of the run reports it; the run adds the time. */
export type Emit = (event: WithoutTime<Event>) => void;
