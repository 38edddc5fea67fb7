// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a placeholder
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import fc from 'fast-check';
import { test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { sharedFolder } from '../support/folder.ts';
import { expectSound, fuzzing, runCli, WITHOUT_ENGINES } from '../support/fuzz.ts';

const project = sharedFolder({
  'ok.json': '{"streams":{"s":{}}}',
  'bad.json': '{"streams":{"s":{"shardCount":0}}}',
  'init/10-a.ts': "export default { streams: { s: {} }, functions: { f: { entry: './f.ts' } } };",
  'init/f.ts': 'export const handler = async () => {};',
  'template.yaml': 'Resources: {S: {Type: AWS::Kinesis::Stream, Properties: {Name: s}}}',
  'lines.jsonl': '{"id":1}\n{"id":2}\n',
  'ready.d/10-a.sh': 'echo',
  'docker-compose.yml': 'services: {}',
});

const FILES = [
  'ok.json',
  'bad.json',
  'init',
  'init/10-a.ts',
  'template.yaml',
  'lines.jsonl',
  'ready.d',
  'docker-compose.yml',
];
// No path outside the folder that anything could be written to.
const PATHS = [
  ...FILES,
  'missing.json',
  'ok.json/x.json',
  'new/10-b.ts',
  'new.json',
  '.env',
  '/dev/null',
  '/sys/none',
  '.',
  '-',
  '',
];
const NUMBERS = ['0', '1', '-1', '0.5', '1e3', '65536', '4567', '99999999999', 'NaN', 'Infinity', '0x10', '١'];
const URLS = [
  'http://127.0.0.1:9',
  'http://[::1]:9',
  'https://s3.amazonaws.com',
  'file:///x',
  'http://a@127.0.0.1:9',
  'http://',
  '//',
];
const WORDS = [
  'cloudformation',
  'bash',
  'us-east-1',
  '000000000000',
  'Stage=x',
  '=',
  'F=ok.json',
  '10m',
  '2099-01-01',
  'yaml',
  'docker',
  'é 日本',
  '\u001b[2J',
  '\u202ea',
  '${A}',
  "';$(id)",
  'x'.repeat(3000),
  '__proto__',
  'toString',
];
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PATHS) },
  fc.constantFrom(...NUMBERS),
  fc.constantFrom(...URLS),
  { weight: 2, arbitrary: fc.constantFrom(...WORDS) },
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll('\0', '')),
);

/** What an option takes most likely; anything else is mostly rejected at once. */
const LIKELY: Record<string, readonly string[]> = {
  '--endpoint': URLS,
  '--port': NUMBERS,
  '--timeout': ['0.5', '1', ...NUMBERS.filter((text) => !(Number(text) > 1))],
  '--rate': NUMBERS,
  '--region': ['us-east-1', 'eu-west-1'],
  '--account': ['000000000000', '111122223333'],
  '--since': ['10m', '1d', '2026-01-01', '2099-01-01'],
  '--name': ['orders', 'a', 'x'.repeat(57), '\u202eabc'],
  '--parameter': ['Stage=x', 'A=', '='],
  '--code': ['F=ok.json', 'S=init', 'F='],
};

const option = ({ long, short, required, argChoices }: Option): fc.Arbitrary<string[]> => {
  const name = long ?? short ?? '';
  const likely = fc.constantFrom(...(argChoices ?? LIKELY[name] ?? PATHS));
  const text = fc.oneof({ weight: 5, arbitrary: likely }, value);
  return required ? text.map((one) => [name, one]) : fc.constant([name]);
};

function argsOf(command: Command): fc.Arbitrary<string[]> {
  const positional = command.registeredArguments.map(({ required, variadic, argChoices }) => {
    const likely = fc.constantFrom(...(argChoices ?? PATHS));
    const one = fc.oneof({ weight: 5, arbitrary: likely }, value);
    return fc.array(one, { minLength: required ? 1 : 0, maxLength: variadic ? 2 : 1 });
  });
  const options = command.options.map(option);
  const odd = fc.constantFrom(['--help'], ['--'], ['--none'], ['--json=1'], ['more'], ['-']);
  return fc
    .tuple(
      fc.tuple(...positional).map((texts) => texts.flat()),
      fc.array(options.length > 0 ? fc.oneof({ weight: 8, arbitrary: fc.oneof(...options) }, odd) : odd, {
        maxLength: 3,
      }),
    )
    .map(([texts, parts]) => {
      const args = [command.name(), ...texts, ...parts.flat()];
      // It waits for an engine for 5 minutes, as it should.
      return args.includes('--wait') ? [...args, '--timeout', '1'] : args;
    });
}

const all = program().commands;
const drawnArgs = fc.oneof(...all.map(argsOf), fc.array(value, { maxLength: 3 }));

test('whatever the arguments are, a command ends soundly', async () => {
  const { runs, note } = fuzzing(120);
  const codes = new Map<unknown, number>();
  const attempt = async (args: string[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'ready-hooks-fuzz-'));
    try {
      cpSync(project, folder, { recursive: true });
      const ended = await runCli(args, folder, {
        ...WITHOUT_ENGINES,
        HOME: folder,
        READY_HOOKS_CACHE_DIR: join(folder, 'cache'),
      });
      expectSound(ended);
      codes.set(ended.code, (codes.get(ended.code) ?? 0) + 1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  // Two at a time, as many as there are cores.
  await fc.assert(
    fc.asyncProperty(
      drawnArgs,
      drawnArgs,
      async (one, other) => void (await Promise.all([attempt(one), attempt(other)])),
    ),
    { ...runs, numRuns: Math.ceil((runs.numRuns ?? 0) / 2) },
  );
  note(`exit codes of the command line: ${[...codes].map(([code, count]) => `${code}: ${count}`).join(', ')}`);
}, 3_600_000);
