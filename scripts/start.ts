import { parseArgs } from 'node:util';
import { InvalidInputError } from '../src/errors.ts';
import { ENGINES } from '../src/local/choose.ts';
import { start } from './flow.ts';
import { runScript } from './run.ts';

await runScript(async (signal) => {
  const { values } = parseArgs({
    options: { engine: { type: 'string', default: 'auto' }, port: { type: 'string', default: '4566' } },
  });
  const engine = ENGINES.find((name) => name === values.engine);
  if (!engine) throw new InvalidInputError(`--engine is ${values.engine}, expected one of ${ENGINES.join(', ')}.`);
  await start({ engine, port: Number(values.port), signal });
});
