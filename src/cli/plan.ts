import { Command, Option } from 'commander';
import { counted } from '../features/counted.ts';
import { deleteHints } from '../features/delete-commands.ts';
import type { PlannedStep } from '../library.ts';
import { resolveEndpoint } from '../runtime/engine/endpoint.ts';
import { ExpectedError } from '../runtime/errors.ts';
import { keyOf } from '../runtime/identity.ts';
import { printResult } from './json.ts';
import { definitionsOrAll, ENDPOINT_DEFAULT, jsonOption, print } from './options.ts';
import { stopSignal } from './run.ts';
import { live } from './terminal.ts';

interface Options {
  endpoint?: string;
  json?: boolean;
  detailedExitcode?: boolean;
}

export function planCommand(): Command {
  return new Command('plan')
    .alias('diff')
    .summary('show the steps of a pipeline, and the pending changes')
    .description('Shows the steps of each pipeline, and the changes that apply would make in a running engine.')
    .argument('[definitions...]', '.ts, .js or .json files, folders or hook names (default: all in init/)')
    .addOption(
      new Option('--endpoint <url>', `compare with this engine (default: ${ENDPOINT_DEFAULT}, if one answers)`),
    )
    .option('--detailed-exitcode', 'exit with code 0 if nothing would change, 2 if something would (default: 0)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nAlso shows what the pipeline made and no longer declares. Changes nothing.\n\nExamples:\n  npx ready-hooks plan\n  npx ready-hooks plan init/10-hallow-events.ts --endpoint http://localhost:4566 --json\n  npx ready-hooks plan --detailed-exitcode',
    )
    .action(async (named: string[], { endpoint, json, detailedExitcode = false }: Options) => {
      const files = await definitionsOrAll(named);
      live('comparing with the engine');
      const compared = endpoint ? { endpoint } : await runningEngine();
      const { planPipeline } = await import('../library.ts');
      const plans: Plan[] = [];
      for (const file of files)
        plans.push({ pipeline: file, steps: await planPipeline(file, { ...compared, signal: stopSignal() }) });
      leaveOutMoved(plans);
      if (compared.problem && detailedExitcode) throw new ExpectedError(comparedWithNothing(compared.problem));
      const steps = plans.flatMap((plan) => plan.steps).filter((step) => !isLeftOver(step));
      if (detailedExitcode) process.exitCode = exitCode(steps);
      if (json) return printResult({ plans });
      for (const { pipeline, steps } of plans) {
        const declared = steps.filter((step) => !isLeftOver(step));
        print(`${pipeline}: ${counted(declared.length, 'step')}; each starts when the steps it depends on are ready`);
        for (const [index, step] of declared.entries()) print(line(step, index));
        const leftOver = steps.flatMap(({ preview }) => (preview?.change === 'left over' ? preview : []));
        for (const { step, detail } of leftOver) print(`  warning: ${step}: ${detail}`);
        for (const hint of deleteHints(leftOver)) print(`  ${hint}`);
      }
      print(compared.problem ? comparedWithNothing(compared.problem) : summary(steps));
    });
}

interface Plan {
  pipeline: string;
  steps: PlannedStep[];
}

const isLeftOver = ({ preview }: PlannedStep) => preview?.change === 'left over';

/** A resource that moved from one of these definitions to another is not left over. */
function leaveOutMoved(plans: Plan[]): void {
  const declared = new Set(plans.flatMap(({ steps }) => steps.filter((step) => !isLeftOver(step)).map(keyOf)));
  for (const plan of plans) plan.steps = plan.steps.filter((step) => !isLeftOver(step) || !declared.has(keyOf(step)));
}

/** The default engine, or why it cannot be compared with. */
async function runningEngine(): Promise<{ endpoint?: string; problem?: string }> {
  const endpoint = resolveEndpoint(undefined, process.env);
  const signal = stopSignal();
  const { engineAt } = await import('../runtime/engine/connect.ts');
  try {
    await engineAt({ endpoint, signal, connectTimeoutMs: 0 });
    return { endpoint };
  } catch (error) {
    if (!(error instanceof ExpectedError) || signal.aborted) throw error;
    return { problem: error.message };
  }
}

const comparedWithNothing = (problem: string) => `Compared with nothing, so no changes are shown. ${problem}`;

const WOULD: Record<NonNullable<PlannedStep['preview']>['change'], string> = {
  create: 'to create',
  update: 'to update',
  delete: 'to re-create',
  wait: 'to wait for',
  fail: 'that would fail',
  none: '',
  'left over': '',
};

/** `2 to create, 1 to update` */
export function summary(steps: readonly Pick<PlannedStep, 'preview'>[]): string {
  const changes = steps.map(({ preview }) => preview?.change ?? 'none');
  const counts = Object.entries(WOULD).flatMap(([change, would]) => {
    const count = changes.filter((each) => each === change).length;
    return would && count > 0 ? `${count} ${would}` : [];
  });
  return counts.join(', ') || `Nothing to change: ${counted(steps.length, 'resource')} as declared.`;
}

/** The exit codes of `terraform plan -detailed-exitcode`. */
export function exitCode(steps: readonly Pick<PlannedStep, 'preview'>[]): 0 | 1 | 2 {
  const changes = steps.map(({ preview }) => preview?.change);
  if (changes.includes('fail')) return 1;
  return changes.every((change) => change === 'none') ? 0 : 2;
}

function line({ step, needs, existing, preview }: PlannedStep, index: number): string {
  const after = needs.length > 0 ? `  after ${needs.join(', ')}` : '';
  const mode = existing ? '  (existing: apply waits for it and never changes it)' : '';
  const would = preview
    ? `\n        ${preview.change === 'none' ? 'unchanged' : `${preview.change}: ${preview.detail}`}`
    : '';
  return `  ${String(index + 1).padStart(2)}. ${step}${after}${mode}${would}`;
}
