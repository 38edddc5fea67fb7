import { port } from '../src/cli/options.ts';
import { stopEngine, stoppedText } from '../src/local/start.ts';
import { runScript, script } from './run.ts';

const command = script('npm stop', 'Stop the engine started by npm start.').option(
  '--port <port>',
  'port of the engine',
  port,
  4566,
);

await runScript<{ port: number }>(command, async (options) => {
  const stopped = await stopEngine(options);
  console.log(stoppedText(stopped, 'npm start'));
});
