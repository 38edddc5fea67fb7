import { parseArgs } from 'node:util';
import { stopEngine } from '../src/local/start.ts';
import { runScript } from './run.ts';

await runScript(async () => {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '4566' } } });
  const stopped = await stopEngine({ port: Number(values.port) });
  console.log(stopped.length > 0 ? `${stopped.join(' and ')} stopped.` : 'Nothing that npm start started was running.');
});
