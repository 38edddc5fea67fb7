import { Command, Option } from 'commander';
import { counted } from '../features/counted.ts';
import { type PlannedStep, planPipeline } from '../library.ts';
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
      '\nWith --endpoint, also shows the changes that apply would make there. Changes nothing.\n\nExamples:\n  npx ready-hooks plan\n  npx ready-hooks plan init/10-hallow-events.ts --endpoint http://localhost:4566 --json',
    )
    .action(async (named: string[], { endpoint, json }: { endpoint?: string; json?: boolean }) => {
      const plans: { pipeline: string; steps: PlannedStep[] }[] = [];
      for (const file of await definitionsOrAll(named))
        plans.push({ pipeline: file, steps: await planPipeline(file, { endpoint, signal: stopSignal() }) });
      if (json) return print(JSON.stringify(plans, undefined, 2));
      for (const { pipeline, steps } of plans) {
        print(`${pipeline}: ${counted(steps.length, 'step')}; each starts when the steps it depends on are ready`);
        for (const [index, step] of steps.entries()) print(line(step, index));
      }
    });
}

function line({ step, needs, existing, preview }: PlannedStep, index: number): string {
  const after = needs.length > 0 ? `  after ${needs.join(', ')}` : '';
  const mode = existing ? '  (existing: apply waits for it and never changes it)' : '';
  const would = preview
    ? `\n        ${preview.change === 'none' ? 'unchanged' : `${preview.change}: ${preview.detail}`}`
    : '';
  return `  ${String(index + 1).padStart(2)}. ${step}${after}${mode}${would}`;
}
