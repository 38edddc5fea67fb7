import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { engineEnvironment, engineFolders, externalPorts } from '../../../src/local/localstack/settings.ts';
import { reason } from '../../../src/local/machine/command.ts';
import { cacheDir, dataDir } from '../../../src/local/machine/folders.ts';
import { checkPort, freePort, portInUse } from '../../../src/local/machine/port.ts';
import { parseStat } from '../../../src/local/machine/processes.ts';
import { read } from '../../../src/local/process/state.ts';
import { died } from '../../../src/local/process/up.ts';
import { sharedFolder } from '../../support/folder.ts';

const folder = sharedFolder();

describe('folders', () => {
  test.each<[string, Record<string, string>, string]>([
    ['linux', { HOME: '/home/me' }, '/home/me/.cache/ready-hooks'],
    ['linux', { HOME: '/home/me', XDG_CACHE_HOME: '/c' }, '/c/ready-hooks'],
    ['darwin', { HOME: '/Users/me', XDG_CACHE_HOME: '/c' }, '/Users/me/Library/Caches/ready-hooks'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/ready-hooks'],
    ['linux', { HOME: '/home/me', READY_HOOKS_CACHE_DIR: '/mine' }, '/mine'],
  ])('%s %j', (platform, env, expected) => {
    expect(cacheDir(env, platform)).toBe(expected);
    expect(dataDir(4566, expected)).toBe(join(expected, 'engines', '4566'));
  });
});

const INTERVAL = 'LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC';

describe('environment of the engine', () => {
  const user = {
    PATH: '/bin',
    LANG: 'de_DE.UTF-8',
    MY_SECRET: 'for a hook',
    DEBUG: '1',
    AWS_PROFILE: 'work',
    AWS_ENDPOINT_URL: 'http://example',
    LOCALSTACK_AUTH_TOKEN: 'token',
    PYTHONHOME: '/x',
    NODE_OPTIONS: '--inspect',
    HTTPS_PROXY: 'http://proxy',
    https_proxy: 'http://proxy',
    npm_config_prefix: '/x',
    SERVICES: 's3',
    PERSISTENCE: '1',
    GATEWAY_LISTEN: '0.0.0.0:1',
    TZ: 'Asia/Tokyo',
    HOME: '/home/me',
  };
  const folders = engineFolders('/d');
  const env = engineEnvironment(user, { port: 4600, node: '/n/bin/node', folders, extra: { KINESIS_LATENCY: '0' } });

  test.each([
    'AWS_PROFILE',
    'AWS_ENDPOINT_URL',
    'LOCALSTACK_AUTH_TOKEN',
    'PYTHONHOME',
    'NODE_OPTIONS',
    'HTTPS_PROXY',
    'https_proxy',
    'npm_config_prefix',
    'SERVICES',
    'PERSISTENCE',
  ])('does not have the user’s %s', (name) => expect(env).not.toHaveProperty(name));

  test('has the variables that hooks may need, its own folders and port, and the extra ones', () => {
    expect(env).toMatchObject({
      PATH: '/n/bin:/bin',
      LANG: 'de_DE.UTF-8',
      MY_SECRET: 'for a hook',
      DEBUG: '1',
      TZ: 'UTC',
      HOME: '/d/home',
      FILESYSTEM_ROOT: '/d/root',
      GATEWAY_LISTEN: '127.0.0.1:4600',
      KINESIS_LATENCY: '0',
    });
  });

  test.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['default', {}, {}, '0.1'],
    ['from the shell', { [INTERVAL]: '2' }, {}, '2'],
    ['from the caller', { [INTERVAL]: '2' }, { [INTERVAL]: '3' }, '3'],
  ])('poll interval: %s', (_, shell, extra, expected) => {
    const options = { port: 4600, node: '/n/bin/node', folders, extra };
    expect(engineEnvironment({ ...user, ...shell }, options)[INTERVAL]).toBe(expected);
  });

  test('engines on different ports have different ports for their services', () => {
    const from = [4566, 4567, 4568, 50_000].map((port) => externalPorts(port)[0]);
    expect(new Set(from).size).toBe(4);
    expect(externalPorts(4566)).toEqual([4510, 4560]);
    for (const start of from) expect(start).toBeLessThan(32_768); // below the ports that the kernel hands out
  });
});

describe('processes', () => {
  test('a command’s name may hold spaces and parentheses', () => {
    const fields = ['S', '7', '42', ...Array(16).fill('0'), '123456', '0'];
    expect(parseStat(`42 (a ) b (c)) ${fields.join(' ')}`)).toEqual({
      pid: 42,
      parent: 7,
      group: 42,
      started: '123456',
      zombie: false,
    });
  });

  test.each([
    ['', undefined],
    ['{', undefined],
    ['{"kind":"localstack","pid":1,"port":1,"started":"1"}', undefined],
    ['{"product":"docker","pid":1,"port":1,"started":"1"}', undefined],
    ['{"product":"localstack","pid":1,"port":1}', undefined],
    ['{"product":"localstack","pid":1,"port":1,"started":"1"}', 1],
  ])('state file %j', (text, pid) => {
    const file = join(folder, 'state.json');
    writeFileSync(file, text);
    expect(read(file)?.pid).toBe(pid);
  });
});

describe('commands', () => {
  test.each([
    ['', ''],
    ['a\n\n b \n', 'b'],
    ['error: Request failed\n  Caused by: Connection refused (os error 111)\n', 'Connection refused (os error 111)'],
    ['WARNING: Retrying\nERROR: No matching distribution found for uv\n', 'No matching distribution found for uv'],
    [
      "npm error code ECONNREFUSED\nnpm error FetchError: request failed, reason: refused\nnpm error     at onError (x.js)\nnpm error   code: 'ECONNREFUSED',\nnpm error If you are behind a proxy, please set it.\nnpm error A complete log of this run can be found in: /x\n",
      'FetchError: request failed, reason: refused',
    ],
    [
      'npm error errno EACCES\nnpm error\nnpm error Your cache folder contains root-owned files\nnpm error Log files were not written due to an error writing to the directory: /x\n',
      'Your cache folder contains root-owned files',
    ],
  ])('the reason in %j', (output, expected) => expect(reason(output)).toBe(expected));
});

describe('sentences', () => {
  test('port in use', async () => {
    expect(portInUse(4566, undefined)).toBe(
      'Port 4566 is in use by another program: stop it, or choose another port with --port 4567.',
    );
    expect(portInUse(4566, '4.14.0')).toBe(
      'Port 4566 is in use by another LocalStack (4.14.0), which `npx ready-hooks up` did not start: stop it, or choose another port with --port 4567.',
    );
    await expect(checkPort(await freePort())).resolves.toBeUndefined();
  });

  test('an engine that exited while starting', () => {
    expect(died({ product: 'localstack', logFile: '/l' }, 'a\nERROR: no such server\n\n')).toBe(
      'LocalStack exited while starting: no such server. Its log: /l.',
    );
    expect(died({ product: 'ministack', logFile: '/l' }, '')).toContain('it logged nothing');
  });
});
