import { type Finding, type FindingCode, finding } from './catalog.ts';
import type { Facts, FileFacts, FolderFacts } from './facts.ts';

const HOOK = /\.(sh|py)$/;
const TARGET = '/etc/localstack/init/ready.d';

/** Without an engine, where none answers. */
type HookFacts = Pick<Facts, 'folder' | 'hooks'> & { engine?: Facts['engine'] };

/** Hook problems, before they happen where the folder is known, and after where the engine reports them. */
export function diagnoseHooks({ folder, hooks, engine }: HookFacts): Finding[] {
  const failed = (hooks?.scripts ?? []).filter(({ state }) => state === 'ERROR').map(({ name }) => name);
  const failures = hooks?.state === 'failed' ? [hookFailed(failed, hooks.told, engine?.name)] : [];
  if (!folder) return failures;
  const { files = [], path } = folder;
  const scripts = files.filter((file) => HOOK.test(file.path));
  const modules = scripts.filter(isModule);
  const own = scripts.filter((file) => !isModule(file));
  if (scripts.length === 0) return [...failures, empty(folder)];
  const known = new Set(hooks?.scripts.map(({ name }) => name));
  const unknown = own.filter((file) => !known.has(file.path.split('/').pop() ?? ''));
  const notRun =
    engine?.product === 'localstack' && hooks && hooks.state !== 'pending' && unknown.length > 0
      ? [notTheirs(path, unknown, hooks.told, engine.name)]
      : [];
  return [...failures, ...inModules(path, modules), ...own.flatMap((file) => diagnoseFile(file, path)), ...notRun];
}

function hookFailed(names: readonly string[], reported: string, engine = 'the engine'): Finding {
  return finding(
    'RH308',
    `hook ${names.join(', ') || 'of the engine'}`,
    'A hook ended in error, and those after it ran all the same.',
    `${engine} tells: ${reported}`,
    "see its last lines in the engine's log (docker compose logs localstack), mend that, and restart the engine",
  );
}

function diagnoseFile({ path, executable, firstLine = '', crlf }: FileFacts, folder: string): Finding[] {
  if (!path.endsWith('.sh')) return [];
  const found = (code: FindingCode, problem: string, evidence: string, fix: string) =>
    finding(code, `hook ${path}`, problem, evidence, fix);
  const noBit = found(
    'RH301',
    'The hook has no exec bit, so the engine cannot run it (Permission denied).',
    `${folder}/${path} is not executable`,
    `chmod +x ${folder}/${path}; in git: git update-index --chmod=+x`,
  );
  const noShebang = found(
    'RH303',
    'The hook has no shebang, so the engine cannot run it (Exec format error).',
    `its first line is ${JSON.stringify(firstLine.trim().slice(0, 60))}`,
    'begin it with #!/bin/sh, without a byte order mark or an empty line before it',
  );
  const crlfEnds = found(
    'RH302',
    'The hook has CRLF line ends, so the engine looks for an interpreter of another name (No such file or directory).',
    `its first line ends in \\r\\n: ${JSON.stringify(firstLine.slice(0, 60))}`,
    "sed -i 's/\\r$//' on it, and *.sh text eol=lf in .gitattributes",
  );
  return [
    ...(executable ? [] : [noBit]),
    ...(firstLine.startsWith('#!') ? [] : [noShebang]),
    ...(crlf ? [crlfEnds] : []),
  ];
}

function inModules(folder: string, [first, ...others]: readonly FileFacts[]): Finding[] {
  if (!first) return [];
  return [
    finding(
      'RH306',
      `folder ${folder}`,
      `LocalStack 3.6 and newer run every .sh and .py below ready.d, also the ${others.length + 1} in node_modules.`,
      first.path,
      'keep node_modules out of the mounted folder: mount a built ready.d (ready-hooks build), not the project',
    ),
  ];
}

/** A folder without a hook. */
function empty({ path: folder, files }: FolderFacts): Finding {
  const paths = files?.map(({ path }) => path) ?? [];
  if (paths.length > 0 && !paths.some((path) => /(^|\/)(ready\.d|init)\//.test(path)))
    return finding(
      'RH304',
      `folder ${folder}`,
      'The folder has files, but no hook: only .sh and .py directly in ready.d are run.',
      paths.slice(0, 5).join(', '),
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

function notTheirs(folder: string, unknown: readonly FileFacts[], reported: string, engine = 'the engine'): Finding {
  const names = unknown.map(({ path }) => path).join(', ');
  return finding(
    'RH309',
    `hook ${names}`,
    'The engine does not know the hooks of this folder: it is not mounted there, or was changed after the start.',
    `${engine} tells: ${reported || 'no hook'}`,
    `mount ${folder} at ${TARGET} and restart the engine`,
  );
}

const isModule = ({ path }: FileFacts) => /(^|\/)node_modules\//.test(path);
