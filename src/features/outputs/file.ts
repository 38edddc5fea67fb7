import { replaceFile } from '../../build/ready-d/replace-file.ts';
import { engineOptions, type ReadOptions } from '../../runtime/apply/apply.ts';
import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import { withAws } from '../../runtime/engine/connect.ts';
import { stoppedReading } from '../aborted.ts';
import { type Format, formatFor, rejectCollisions } from './file-formats.ts';
import { type Outputs, readOutputs } from './outputs.ts';

/** The files for a pipeline's outputs. Rejects unknown formats and colliding names before the run. */
export function outputFiles(files: readonly string[], pipeline: Pipeline) {
  const formats: [string, Format][] = files.map((file) => [file, formatFor(file)]);
  if (files.some((file) => !/\.json$/i.test(file))) rejectCollisions(pipeline);
  return {
    /** Writes each file completely or leaves it unchanged. */
    async write(endpoint: string | undefined): Promise<void> {
      if (formats.length === 0) return;
      const outputs = await outputsOf(pipeline, { endpoint });
      for (const [file, format] of formats) await replaceFile(file, format(outputs));
    },
  };
}

/** The outputs of a pipeline that is ready. */
export async function outputsOf(pipeline: Pipeline, options: ReadOptions): Promise<Outputs> {
  const { region, account } = pipeline;
  const place = engineOptions(options);
  return withAws({ ...place, region, account }, (aws) => readOutputs(pipeline, aws)).catch(
    stoppedReading(place.endpoint, place.signal),
  );
}
