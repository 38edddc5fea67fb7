import { port } from '../src/cli/options.ts';
import { stopEngine } from '../src/local/start.ts';
import { runScript, script } from './run.ts';

const command = script('npm stop', 'Stops the engine that npm start has started.').option(
  '--port <port>',
  'where it listens',
  port,
  4566,
);

await runScript<{ port: number }>(command, async (options) => {
  const stopped = await stopEngine(options);
  console.log(stopped.length > 0 ? `${stopped.join(' and ')} stopped.` : 'Nothing that npm start started was running.');
});
