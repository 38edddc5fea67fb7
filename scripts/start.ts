import { Option } from 'commander';
import { port } from '../src/cli/options.ts';
import { ENGINE_CHOICES, type EngineChoice } from '../src/local/choose-engine.ts';
import { start } from './flow.ts';
import { runScript, script } from './run.ts';

const command = script(
  'npm start',
  'Build the hook, start an engine with it, send events and wait for them in S3. The engine keeps running.',
)
  .addOption(
    new Option('--engine <engine>', 'auto uses Docker if it is running').choices(ENGINE_CHOICES).default('auto'),
  )
  .option('--port <port>', 'port of the engine', port, 4566);

await runScript<{ engine: EngineChoice; port: number }>(command, ({ engine, port }, signal) =>
  start({ engine, port, signal }),
);
