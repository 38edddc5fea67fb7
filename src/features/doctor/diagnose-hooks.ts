import { type Finding, finding } from './catalog.ts';
import type { Facts, FileFacts } from './facts.ts';

const HOOK = /\.(sh|py)$/;
const TARGET = '/etc/localstack/init/ready.d';

/** Without an engine, where none answers. */
type HookFacts = Pick<Facts, 'folder' | 'hooks'> & { engine?: Facts['engine'] };

/** Hook problems, before they happen where the folder is known, and after where the engine tells. */
export function diagnoseHooks({ folder, hooks, engine }: HookFacts): Finding[] {
  const failed = (hooks?.scripts ?? []).filter(({ state }) => state === 'ERROR').map(({ name }) => name);
  const failures = hooks?.state === 'failed' ? [hookFailed(failed, hooks.told, engine?.name)] : [];
  if (!folder) return failures;
  const { files, path } = folder;
  const own = (files ?? []).filter((file) => HOOK.test(file.path) && !isModule(file));
  if (own.length === 0 && !files?.some(isModule)) return [...failures, empty(path, files)];
  const known = new Set(hooks?.scripts.map(({ name }) => name));
  const unknown = own.filter((file) => !known.has(file.path.split('/').pop() ?? ''));
  const notRun =
    engine?.product === 'localstack' && hooks && hooks.state !== 'pending' && unknown.length > 0
      ? [notTheirs(path, unknown, hooks.told, engine.name)]
      : [];
  return [...failures, ...modules(path, files ?? []), ...own.flatMap((file) => diagnoseFile(file, path)), ...notRun];
}

function hookFailed(names: readonly string[], told: string, engine = 'the engine'): Finding {
  return finding(
    'RH308',
    `hook ${names.join(', ') || 'of the engine'}`,
    'A hook ended in error, and those after it ran all the same.',
    `${engine} tells: ${told}`,
    "see its last lines in the engine's log (docker compose logs localstack), mend that, and restart the engine",
  );
}

function diagnoseFile({ path, executable, firstLine = '', crlf }: FileFacts, folder: string): Finding[] {
  if (!path.endsWith('.sh')) return [];
  const subject = `hook ${path}`;
  const findings: Finding[] = [];
  if (!executable)
    findings.push(
      finding(
        'RH301',
        subject,
        'The hook has no exec bit, so the engine cannot run it (Permission denied).',
        `${folder}/${path} is not executable`,
        `chmod +x ${folder}/${path}; in git: git update-index --chmod=+x`,
      ),
    );
  if (!firstLine.startsWith('#!'))
    findings.push(
      finding(
        'RH303',
        subject,
        'The hook has no shebang, so the engine cannot run it (Exec format error).',
        `its first line is ${JSON.stringify(firstLine.trim().slice(0, 60))}`,
        'begin it with #!/bin/sh, without a byte order mark or an empty line before it',
      ),
    );
  if (crlf)
    findings.push(
      finding(
        'RH302',
        subject,
        'The hook has CRLF line ends, so the engine looks for an interpreter of another name (No such file or directory).',
        `its first line ends in \\r\\n: ${JSON.stringify(firstLine.slice(0, 60))}`,
        "sed -i 's/\\r$//' on it, and *.sh text eol=lf in .gitattributes",
      ),
    );
  return findings;
}

function modules(folder: string, files: readonly FileFacts[]): Finding[] {
  const scripts = files.filter(isModule);
  const [first] = scripts;
  if (!first) return [];
  return [
    finding(
      'RH306',
      `folder ${folder}`,
      `LocalStack 3.6 and newer run every .sh and .py below ready.d, also the ${scripts.length} in node_modules.`,
      first.path,
      'keep node_modules out of the mounted folder: mount a built ready.d (ready-hooks build), not the project',
    ),
  ];
}

function empty(folder: string, files: readonly FileFacts[] | undefined): Finding {
  const below = files?.find(({ path }) => /(^|\/)(ready\.d|init)\//.test(path));
  if (files && files.length > 0 && !below)
    return finding(
      'RH304',
      `folder ${folder}`,
      'The folder has files, but no hook: only .sh and .py directly in ready.d are run.',
      files
        .slice(0, 5)
        .map(({ path }) => path)
        .join(', '),
      `mount the folder that ready-hooks build writes at ${TARGET}`,
    );
  return finding(
    'RH307',
    `folder ${folder}`,
    files ? 'The folder with the hooks is empty, so no hook runs.' : 'The folder with the hooks is not there.',
    files ? `${folder} holds no file` : `${folder} does not exist; Docker would make an empty one of root's`,
    `ready-hooks build, then mount ${folder} at ${TARGET} with create_host_path: false`,
  );
}

function notTheirs(folder: string, unknown: readonly FileFacts[], told: string, engine = 'the engine'): Finding {
  const names = unknown.map(({ path }) => path).join(', ');
  return finding(
    'RH309',
    `hook ${names}`,
    'The engine does not know the hooks of this folder: it is not mounted there, or was changed after the start.',
    `${engine} tells: ${told || 'no hook'}`,
    `mount ${folder} at ${TARGET} and restart the engine`,
  );
}

function isModule({ path }: FileFacts): boolean {
  return /(^|\/)node_modules\//.test(path) && HOOK.test(path);
}
