import { Command } from 'commander';
import { previewPipeline } from '../apply/pipeline.ts';
import type { Preview } from '../apply/preview.ts';
import { planSteps } from '../plan.ts';
import { loadRunnable } from './definition.ts';
import { definitionsOrAll, endpointOption, jsonOption, print } from './options.ts';

export function planCommand(): Command {
  return new Command('plan')
    .summary('show the order of a pipeline, and what would change')
    .description(
      'Shows the steps of each pipeline and what each waits for. With --endpoint it also looks at that engine and tells what apply would do; nothing is changed.',
    )
    .argument('[definitions...]', '.ts, .js or .json files (default: all in init/)')
    .addOption(endpointOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks plan\n  ready-hooks plan init/10-hallow-events.ts --endpoint http://localhost:4566 --json',
    )
    .action(async (named: string[], { endpoint, json }: { endpoint?: string; json?: boolean }) => {
      const plans = [];
      for (const file of await definitionsOrAll(named)) {
        const runnable = await loadRunnable(file);
        const previews = endpoint ? await previewPipeline(runnable, { endpoint }) : [];
        const steps = planSteps(runnable.pipeline).map(({ id, needs, existing }) => {
          const preview = previews.find(({ step }) => step === id);
          return { step: id, needs, existing, ...(preview && { change: preview.change, detail: preview.detail }) };
        });
        plans.push({ pipeline: runnable.name, steps });
      }
      if (json) return print(JSON.stringify(plans, undefined, 2));
      for (const { pipeline, steps } of plans) {
        print(`${pipeline}: ${steps.length} steps; each starts when what it needs is ready`);
        steps.forEach((step, index) => {
          print(line(step, index));
        });
      }
    });
}

type Line = {
  step: string;
  needs: string[];
  existing: boolean;
  change?: Preview['change'];
  detail?: string | undefined;
};

function line({ step, needs, existing, change, detail }: Line, index: number): string {
  const after = needs.length > 0 ? `  after ${needs.join(', ')}` : '';
  const mode = existing ? '  (existing: waited for, never changed)' : '';
  const would = change ? `\n        ${change === 'none' ? 'unchanged' : `${change}: ${detail}`}` : '';
  return `  ${String(index + 1).padStart(2)}. ${step}${after}${mode}${would}`;
}
