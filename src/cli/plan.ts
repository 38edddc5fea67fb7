import { Command, Option } from 'commander';
import { counted } from '../features/counted.ts';
import { deleteCommands } from '../features/left-over.ts';
import { type PlannedStep, planPipeline } from '../library.ts';
import { keyOf } from '../runtime/identity.ts';
import { definitionsOrAll, jsonOption, print } from './options.ts';
import { stopSignal } from './run.ts';

export function planCommand(): Command {
  return new Command('plan')
    .summary('show the steps of a pipeline, and the pending changes')
    .description('Shows the steps of each pipeline, each with the steps that it depends on.')
    .argument('[definitions...]', '.ts, .js or .json files (default: all in init/)')
    .addOption(new Option('--endpoint <url>', 'compare with this engine (default: contact no engine)'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nWith --endpoint, also shows the changes that apply would make there, and what the pipeline made and no longer declares. Changes nothing.\n\nExamples:\n  npx ready-hooks plan\n  npx ready-hooks plan init/10-hallow-events.ts --endpoint http://localhost:4566 --json',
    )
    .action(async (named: string[], { endpoint, json }: { endpoint?: string; json?: boolean }) => {
      const plans: Plan[] = [];
      for (const file of await definitionsOrAll(named))
        plans.push({ pipeline: file, steps: await planPipeline(file, { endpoint, signal: stopSignal() }) });
      leaveOutMoved(plans);
      if (json) return print(JSON.stringify(plans, undefined, 2));
      for (const { pipeline, steps } of plans) {
        const declared = steps.filter((step) => !isLeftOver(step));
        print(`${pipeline}: ${counted(declared.length, 'step')}; each starts when the steps it depends on are ready`);
        for (const [index, step] of declared.entries()) print(line(step, index));
        const leftOver = steps.flatMap(({ preview }) => (preview?.change === 'left over' ? preview : []));
        for (const { step, detail } of leftOver) print(`  warning: ${step}: ${detail}`);
        for (const command of deleteCommands(leftOver)) print(`  to delete what is left over: ${command}`);
      }
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

function line({ step, needs, existing, preview }: PlannedStep, index: number): string {
  const after = needs.length > 0 ? `  after ${needs.join(', ')}` : '';
  const mode = existing ? '  (existing: apply waits for it and never changes it)' : '';
  const would = preview
    ? `\n        ${preview.change === 'none' ? 'unchanged' : `${preview.change}: ${preview.detail}`}`
    : '';
  return `  ${String(index + 1).padStart(2)}. ${step}${after}${mode}${would}`;
}
