import type { ProductName } from '../../runtime/engine/engine.ts';
import { PRODUCTS } from '../../runtime/engine/products.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { servicesOf, startCommand } from './engines.ts';
import { exampleDefinition, exampleFunction } from './example.ts';
import { mergeCompose } from './merge-compose.ts';
import type { Project } from './read-project.ts';
import { indent } from './service.ts';

/** The changes that `init` would make. */
export interface Proposal {
  /** Files with their complete text; `content` describes them to people. */
  writes: { path: string; text: string; isNew: boolean; content: string }[];
  notes: string[];
  /** Commands for the user, in order. */
  next: string[];
}

const RUN = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' };
const ADD = {
  npm: 'npm install --save-dev',
  pnpm: 'pnpm add --save-dev',
  yarn: 'yarn add --dev',
  bun: 'bun add --dev',
};
const NAME = /^[a-z0-9][a-z0-9-]{1,55}[a-z0-9]$/;

/** Proposes everything that a project lacks. Adds files and lines, and overwrites nothing. */
export function propose(project: Project, name: string, engine: ProductName = 'localstack'): Proposal {
  if (!NAME.test(name))
    throw new InvalidInputError(
      `The name ${JSON.stringify(name)} is not valid for a bucket, a stream and a function: expected 3 to 57 lowercase letters, digits and hyphens, with a letter or digit at both ends.`,
    );
  const proposal: Proposal = { writes: [], notes: [], next: [] };
  addExample(project, name, proposal);
  const { readyD, start } = addCompose(project, engine, proposal);
  addLine(proposal, '.gitattributes', project.gitattributes, '*.sh text eol=lf', 'keeps hooks runnable on Windows');
  if (readyD !== DEFAULT_READY_D && project.has(readyD))
    proposal.notes.push(
      `${readyD} already exists and may contain your own hooks, so it is not added to .gitignore. Ignore the files that build writes there: ready-hooks.cjs, and a .sh file and a folder for each definition`,
    );
  else addLine(proposal, '.gitignore', project.gitignore, `${readyD.replace(/^\.\//, '')}/`, 'is build output');
  const missing = ['localstack-ready-hooks', '@aws-sdk/client-s3'].filter((each) => !project.resolves(each));
  if (missing.length > 0) proposal.next.push(`${ADD[project.packageManager]} ${missing.join(' ')}`);
  if (missing.length > 0 && project.packageManager === 'pnpm')
    proposal.notes.push(
      "pnpm may end with ERR_PNPM_IGNORED_BUILDS for esbuild's install script. Ignore it: everything is installed, and nothing needs the script",
    );
  const out = readyD === DEFAULT_READY_D ? '' : ` --out ${readyD}`;
  proposal.next.push(`${RUN[project.packageManager]} ready-hooks build${out}`, start);
  return proposal;
}

const DEFAULT_READY_D = './init/ready.d';

function addExample({ definitions, typescript, has }: Project, name: string, { writes, notes }: Proposal): void {
  if (definitions.length > 0) {
    notes.push(
      `init/ already has ${definitions.length === 1 ? 'a definition' : 'definitions'}, so no example is added`,
    );
    return;
  }
  const extension = typescript ? 'ts' : 'js';
  const definition = `init/10-${name}.${extension}`;
  writes.push({
    path: definition,
    text: exampleDefinition(name, extension),
    isNew: true,
    content: 'the pipeline',
  });
  const handler = `init/functions/${name}-writer.${extension}`;
  if (has(handler)) notes.push(`${handler} already exists and is kept`);
  else writes.push({ path: handler, text: exampleFunction(typescript), isNew: true, content: 'the Lambda function' });
}

/** Returns the folder to build hooks into, and the command that starts the engine. */
function addCompose({ compose }: Project, name: ProductName, { writes, notes }: Proposal) {
  if (!compose) {
    const text = ['services:', ...indent(servicesOf(name), 2), ''].join('\n');
    writes.push({ path: 'docker-compose.yml', text, isNew: true, content: `${PRODUCTS[name].title} with the hooks` });
    return { readyD: DEFAULT_READY_D, start: startCommand(name, name) };
  }
  const merged = mergeCompose(compose.path, compose.text, name);
  notes.push(...merged.notes);
  if (merged.text !== compose.text)
    writes.push({ path: compose.path, text: merged.text, isNew: false, content: `adds ${merged.added.join(' and ')}` });
  return { readyD: merged.readyD ?? DEFAULT_READY_D, start: startCommand(merged.engine, merged.service) };
}

function addLine({ writes }: Proposal, path: string, text: string | undefined, line: string, reason: string): void {
  const lines = (text ?? '').split(/\r?\n/).map((each) => each.trim());
  if (lines.includes(line) || lines.includes(line.replace(/\/$/, ''))) return;
  const before = text && !text.endsWith('\n') ? `${text}\n` : (text ?? '');
  writes.push({ path, text: `${before}${line}\n`, isNew: text === undefined, content: `"${line}" ${reason}` });
}
