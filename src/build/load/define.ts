import type { PipelineInput } from '../../runtime/definition/input.ts';

/**
 * Declares a pipeline. Unknown settings and misspelled stream, function or bucket names are compile errors. AWS's limits
 * are checked when the definition is loaded, so that errors can name its file.
 *
 * ```ts
 * export default definePipeline({
 *   streams: { 'hallow-event-stream': { shardCount: 1 } },
 *   functions: { 'hallow-event-distributor': { entry: './functions/hallow-event-distributor.ts' } },
 *   eventSourceMappings: [
 *     { stream: 'hallow-event-stream', function: 'hallow-event-distributor', startingPosition: 'LATEST' },
 *   ],
 * });
 * ```
 */
export function definePipeline<B extends string = never, S extends string = never, F extends string = never>(
  pipeline: PipelineInput<B, S, F>,
): PipelineInput<B, S, F> {
  return pipeline;
}
