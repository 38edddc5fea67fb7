import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { bundleFunctions } from '../../../src/build/pack/functions.ts';
import { bundleRuntime } from '../../../src/build/ready-d/runtime.ts';
import { parsePipeline } from '../../../src/runtime/definition/check.ts';

// Prints the digests of two functions in the folder in argv and of the runtime; none may depend on where this runs.
const folder = process.argv[2] ?? '';
const functions = { f: { entry: join(folder, 'f.ts') }, d: { directory: join(folder, 'd') } };
const { zips } = await bundleFunctions({
  name: 'a',
  file: join(folder, 'a.ts'),
  pipeline: parsePipeline({ functions }, 'a'),
});
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
process.stdout.write(`${[...zips.values(), (await bundleRuntime()).bytes].map(sha256).join(' ')}\n`);
