import type { DeclaredMapping } from '../definition/pipeline.ts';
import type { Step } from '../plan.ts';
import { ignoredSettings } from '../resources/mapping/settings.ts';
import { isBefore } from './compare-versions.ts';
import { type Engine, engineName } from './detect.ts';
import { behaviourOf, LOCALSTACK } from './localstack-versions.ts';

/** The oldest LocalStack whose event source mappings this project was seen to work with. */
const OLDEST = LOCALSTACK[0]?.since ?? '';

/** Why nothing can work on this engine, said before anything is created. */
export function refuseEngine(engine: Engine): string | undefined {
  if (engine.product !== 'localstack' || !isBefore(engine.version, OLDEST)) return undefined;
  return `${engineName(engine)} is older than ${OLDEST}, whose Lambda provider this needs: take a newer image, such as localstack/localstack:4.14.0.`;
}

/** What works otherwise on this engine than the definition says, by step. */
export function warningsFor(engine: Engine, steps: readonly Step[]): { step: string; message: string }[] {
  return steps
    .filter(({ kind, declared }) => kind === 'mapping' && declared !== undefined)
    .flatMap(({ id, declared }) =>
      mappingWarnings(engine, declared as DeclaredMapping).map((message) => ({ step: id, message })),
    );
}

function mappingWarnings(engine: Engine, declared: DeclaredMapping): string[] {
  const name = engineName(engine);
  const ignored = ignoredSettings(declared, engine);
  if (ignored.length > 0) {
    const lost = ignored.includes('reportBatchItemFailures')
      ? '; records that the function names in batchItemFailures are not delivered again'
      : '';
    return [`${name} ignores ${ignored.join(', ')}${lost}`];
  }
  const behaviour = engine.product === 'localstack' ? behaviourOf(engine.version) : undefined;
  if (!behaviour) return [];
  const { maximumBatchingWindowSeconds: window, maximumRecordAgeSeconds: age } = declared;
  return [
    ...(behaviour.losesRecordsWhenIdle
      ? [`${name} can lose single records after minutes without any: use a newer one, best 4.14.0, where that matters`]
      : []),
    ...(window > 0 && !behaviour.batchingWindow
      ? [`${name} does not honour maximumBatchingWindowSeconds: that needs 4.3 or newer`]
      : []),
    ...(age > 0 && !behaviour.recordAge
      ? [`${name} does not honour maximumRecordAgeSeconds: that needs 4.4 or newer`]
      : []),
  ];
}
