import { Command, Option } from 'commander';
import { type PlannedStep, planPipeline } from '../library.ts';
import { definitionsOrAll, jsonOption, print } from './options.ts';

export function planCommand(): Command {
  return new Command('plan')
    .summary('show the order of a pipeline, and what would change')
    .description(
      'Shows the steps of each pipeline and what each waits for. With --endpoint it also looks at that engine and tells what apply would do; nothing is changed.',
    )
    .argument('[definitions...]', '.ts, .js or .json files (default: all in init/)')
    .addOption(new Option('--endpoint <url>', 'compare with what this engine has (without: no engine is asked)'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks plan\n  ready-hooks plan init/10-hallow-events.ts --endpoint http://localhost:4566 --json',
    )
    .action(async (named: string[], { endpoint, json }: { endpoint?: string; json?: boolean }) => {
      const plans: { pipeline: string; steps: PlannedStep[] }[] = [];
      for (const file of await definitionsOrAll(named))
        plans.push({ pipeline: file, steps: await planPipeline(file, { endpoint }) });
      if (json) return print(JSON.stringify(plans, undefined, 2));
      for (const { pipeline, steps } of plans) {
        print(
          `${pipeline}: ${steps.length} step${steps.length === 1 ? '' : 's'}; each starts when what it needs is ready`,
        );
        for (const [index, step] of steps.entries()) print(line(step, index));
      }
    });
}

function line({ step, needs, existing, preview }: PlannedStep, index: number): string {
  const after = needs.length > 0 ? `  after ${needs.join(', ')}` : '';
  const mode = existing ? '  (existing: waited for, never changed)' : '';
  const would = preview
    ? `\n        ${preview.change === 'none' ? 'unchanged' : `${preview.change}: ${preview.detail}`}`
    : '';
  return `  ${String(index + 1).padStart(2)}. ${step}${after}${mode}${would}`;
}
