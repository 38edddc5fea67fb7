import { loadResolved } from '../build/load/runnable.ts';
import { ExpectedError, InvalidInputError } from '../runtime/errors.ts';
import { definitionsIfAny, regionFromEnvironment } from './options.ts';

const DEFAULT_ACCOUNT = '000000000000';

/** The place of a definition's resources. */
export interface DeclaredPlace {
  file: string;
  region: string;
  account: string;
}

interface Given {
  region?: string | undefined;
  account?: string | undefined;
}

/**
 * Where these buckets, functions or streams are: as given by options, else as declared in init/, else as in the environment. A
 * definition that cannot be loaded does not count.
 */
export async function placeOf(names: readonly string[], given: Given): Promise<{ region: string; account: string }> {
  const isComplete = given.region !== undefined && given.account !== undefined;
  return choosePlace(names, given, isComplete ? [] : await declaring(names), process.env);
}

export function choosePlace(
  names: readonly string[],
  given: Given,
  declared: readonly DeclaredPlace[],
  env: NodeJS.ProcessEnv,
): { region: string; account: string } {
  const fits = declared.filter(
    ({ region, account }) => [region, undefined].includes(given.region) && [account, undefined].includes(given.account),
  );
  const [place, other] = [...new Map(fits.map((each) => [`${each.region} ${each.account}`, each])).values()];
  if (place && other) throw ambiguous(names, place, other);
  return {
    region: given.region ?? place?.region ?? regionFromEnvironment(env),
    account: given.account ?? place?.account ?? DEFAULT_ACCOUNT,
  };
}

async function declaring(names: readonly string[]): Promise<DeclaredPlace[]> {
  const found: DeclaredPlace[] = [];
  for (const file of await definitionsIfAny([])) {
    const pipeline = await loadResolved(file).then(
      (loaded) => loaded.pipeline,
      (error) => {
        if (!(error instanceof ExpectedError)) throw error;
      },
    );
    if (!pipeline) continue;
    const { region, account, buckets, streams, functions } = pipeline;
    if (names.some((name) => [buckets, streams, functions].some((kind) => Object.hasOwn(kind, name))))
      found.push({ file, region, account });
  }
  return found;
}

function ambiguous(names: readonly string[], one: DeclaredPlace, other: DeclaredPlace): InvalidInputError {
  const [option, a, b] =
    one.region === other.region ? ['--account', one.account, other.account] : ['--region', one.region, other.region];
  const subject = names.length > 1 ? `${names.join(', ')} are` : `${names[0]} is`;
  return new InvalidInputError(
    `${subject} declared in ${a} (${one.file}) and in ${b} (${other.file}). Choose one with ${option}.`,
  );
}
