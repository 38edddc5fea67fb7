import { type Finding, type FindingCode, finding } from './catalog.ts';
import { quoted } from './commands.ts';
import { reportsMissing } from './compose-file.ts';
import type { Facts, FileFacts, FolderFacts, LogFacts } from './facts.ts';

const HOOK = /\.(sh|py)$/;
const TARGET = '/etc/localstack/init/ready.d';

/** `engine` is undefined if none answers. */
type HookFacts = Pick<Facts, 'folder' | 'hooks' | 'log' | 'compose'> & { engine?: Facts['engine'] };

/** Finds hook problems: in the folder, before they cause a failure, and in the engine's reports, after one. */
export function diagnoseHooks({ folder, hooks, engine, log, compose }: HookFacts): Finding[] {
  const failed = (hooks?.scripts ?? []).filter(({ state }) => state === 'ERROR').map(({ name }) => name);
  const failures = hooks?.state === 'failed' ? [hookFailed(failed, hooks.summary, engine?.name, log)] : [];
  if (!folder) return failures;
  const { files = [], path } = folder;
  const scripts = files.filter((file) => HOOK.test(file.path));
  const modules = scripts.filter(isInNodeModules);
  const own = scripts.filter((file) => !isInNodeModules(file));
  if (scripts.length === 0)
    return reportsMissing(folder.absolutePath, compose) ? failures : [...failures, empty(folder)];
  const known = new Set(hooks?.scripts.map(({ name }) => name));
  const unknown = own.filter((file) => !known.has(file.path.split('/').pop() ?? ''));
  const notRun =
    engine?.product === 'localstack' && hooks && hooks.state !== 'pending' && unknown.length > 0
      ? [unknownHooks(path, unknown, hooks.summary, engine.name)]
      : [];
  return [...failures, ...nodeModules(path, modules), ...own.flatMap((file) => diagnoseFile(file, path)), ...notRun];
}

function hookFailed(names: readonly string[], reported: string, engine = 'the engine', log?: LogFacts): Finding {
  const lines = names.flatMap((name) => {
    const failure = log?.events.filter((event) => event.type === 'hook-failed' && event.hook === name).at(-1);
    if (failure?.type !== 'hook-failed') return [];
    return `${name}: ${failure.reason}${failure.output ? `, after printing: ${failure.output}` : ''}`;
  });
  const where = log ? log.file : "the engine's log (with Compose: docker compose logs localstack)";
  return finding(
    'RH308',
    `hook ${names.join(', ') || 'of the engine'}`,
    'A hook failed; the hooks after it ran anyway.',
    [`${engine} reports: ${reported}`, ...(log && lines.length > 0 ? [`${log.file}: ${lines.join('; ')}`] : [])].join(
      '; ',
    ),
    `read its last lines in ${where}, fix the error, and restart the engine`,
  );
}

function diagnoseFile({ path, executable, firstLine = '', crlf }: FileFacts, folder: string): Finding[] {
  if (!path.endsWith('.sh')) return [];
  const found = (code: FindingCode, problem: string, evidence: string, fix: string) =>
    finding(code, `hook ${path}`, problem, evidence, fix);
  const file = quoted(`${folder}/${path}`);
  const noBit = found(
    'RH301',
    'The hook is not executable, so the engine cannot run it (Permission denied).',
    `${folder}/${path} has no exec bit`,
    `chmod +x ${file}; in Git: git update-index --chmod=+x ${file}`,
  );
  const noShebang = found(
    'RH303',
    'The hook has no shebang, so the engine cannot run it (Exec format error).',
    `its first line is ${JSON.stringify(firstLine.trim().slice(0, 60))}`,
    'start the file with #!/bin/sh, without a byte order mark or an empty line before it',
  );
  const crlfEndings = found(
    'RH302',
    'The hook has CRLF line endings, so the engine looks for an interpreter whose name ends in \\r (No such file or directory).',
    `its first line ends in \\r\\n: ${JSON.stringify(firstLine.slice(0, 60))}`,
    `sed -i 's/\\r$//' ${file}; in Git: add *.sh text eol=lf to .gitattributes`,
  );
  return [
    ...(executable ? [] : [noBit]),
    ...(firstLine.startsWith('#!') ? [] : [noShebang]),
    ...(crlf ? [crlfEndings] : []),
  ];
}

function nodeModules(folder: string, [first, ...others]: readonly FileFacts[]): Finding[] {
  if (!first) return [];
  return [
    finding(
      'RH306',
      `folder ${folder}`,
      `LocalStack 3.6 and newer run every .sh and .py file below ready.d, including ${others.length + 1} in node_modules.`,
      first.path,
      'keep node_modules out of the mounted folder: mount the ready.d that npx ready-hooks build writes, not the project',
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
      'The folder contains files but no hook: engines run only .sh and .py files in ready.d.',
      paths.slice(0, 5).join(', '),
      `mount the output folder of npx ready-hooks build at ${TARGET}`,
    );
  return finding(
    'RH307',
    `folder ${folder}`,
    files ? 'The hooks folder is empty, so no hook runs.' : 'The hooks folder does not exist.',
    files
      ? `${folder} contains no files`
      : `${folder} does not exist; Docker would create an empty, root-owned folder there`,
    `run npx ready-hooks build, then mount ${folder} at ${TARGET} with create_host_path: false`,
  );
}

function unknownHooks(folder: string, unknown: readonly FileFacts[], reported: string, engine = 'the engine'): Finding {
  const names = unknown.map(({ path }) => path).join(', ');
  return finding(
    'RH309',
    `hook ${names}`,
    'The engine did not run the hooks in this folder: the folder is not mounted, or it changed after the engine started.',
    `${engine} reports: ${reported || 'no hook'}`,
    `if apply or up created the pipeline, nothing is missing until the engine restarts; to run the hooks at each start, mount ${folder} at ${TARGET} and restart the engine`,
  );
}

const isInNodeModules = ({ path }: FileFacts) => /(^|\/)node_modules\//.test(path);
