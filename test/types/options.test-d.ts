// Compiled by `npm run check`: each function accepts only the options that it uses.
import { applyPipeline, pipelineOutputs, pipelineStatus, planPipeline, waitForPipeline } from '../../src/index.ts';

const read = { endpoint: 'http://127.0.0.1:4566', requestTimeoutMs: 1_000, env: {}, folder: '.', name: 'orders' };
const { signal } = new AbortController();
const onEvent = () => undefined;

applyPipeline({}, { ...read, signal, limitMs: 60_000, onEvent, prune: true });
pipelineOutputs({}, { ...read, signal });
planPipeline({}, { ...read, signal });
pipelineStatus({}, { ...read, signal });
waitForPipeline({}, { ...read, signal, timeoutMs: 1_000, onProgress: onEvent });

// @ts-expect-error only within this package
applyPipeline({}, { asHook: true });
// @ts-expect-error only within this package
applyPipeline({}, { clock: { now: Date.now, sleep: async () => undefined } });
// @ts-expect-error a read has no events
pipelineStatus({}, { onEvent });
// @ts-expect-error a plan runs nothing
planPipeline({}, { limitMs: 1_000 });
// @ts-expect-error a read has no events
pipelineOutputs({}, { onEvent });
// @ts-expect-error its limit is timeoutMs
waitForPipeline({}, { limitMs: 1_000 });
