import { replaceFile } from '../../build/ready-d/replace-file.ts';
import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import { withAws } from '../../runtime/engine/connect.ts';
import { resolveEndpoint } from '../../runtime/engine/endpoint.ts';
import { type Format, formatFor, rejectCollisions } from './file-formats.ts';
import { type Outputs, readOutputs } from './outputs.ts';

/** Files that a pipeline's outputs are to be written to; rejects at once what could not be written when all is ready. */
export function outputFiles(files: readonly string[], pipeline: Pipeline) {
  const formats: [string, Format][] = files.map((file) => [file, formatFor(file)]);
  if (files.some((file) => !/\.json$/i.test(file))) rejectCollisions(pipeline);
  return {
    /** Each file is written whole, or stays as it was. */
    async write(endpoint: string | undefined): Promise<void> {
      if (formats.length === 0) return;
      const outputs = await outputsOf(pipeline, endpoint);
      for (const [file, format] of formats) await replaceFile(file, format(outputs));
    },
  };
}

/** The outputs of a pipeline that is up at an endpoint. */
export function outputsOf(
  pipeline: Pipeline,
  endpoint?: string,
  env: Record<string, string | undefined> = process.env,
): Promise<Outputs> {
  const { region, account } = pipeline;
  return withAws({ endpoint: resolveEndpoint(endpoint, env), region, account }, (aws) => readOutputs(pipeline, aws));
}
