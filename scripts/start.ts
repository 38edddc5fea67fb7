import { Option } from 'commander';
import { port } from '../src/cli/options.ts';
import { ENGINES, type EngineChoice } from '../src/local/choose-engine.ts';
import { start } from './flow.ts';
import { runScript, script } from './run.ts';

const command = script(
  'npm start',
  'Builds the hook, starts an engine whose hook it is, sends events and shows them in S3. The engine stays up.',
)
  .addOption(
    new Option('--engine <engine>', 'auto takes Docker where a Docker engine answers').choices(ENGINES).default('auto'),
  )
  .option('--port <port>', 'where the engine listens', port, 4566);

await runScript<{ engine: EngineChoice; port: number }>(command, ({ engine, port }, signal) =>
  start({ engine, port, signal }),
);
