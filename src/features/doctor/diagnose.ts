import { type Finding, finding } from './catalog.ts';
import { diagnoseCompose } from './compose-file.ts';
import { diagnoseDeclared } from './declared.ts';
import { diagnoseEngine, noLicence } from './engine.ts';
import type { Facts } from './facts.ts';
import { diagnoseFunction } from './function.ts';
import { diagnoseHooks } from './hooks.ts';
import { diagnoseMappings } from './mapping.ts';
import { publicAddress } from './public-name.ts';
import { diagnoseStrays } from './strays.ts';

/** All problems, worst first. Pure: the same facts give the same findings. */
export function diagnose(facts: Facts): Finding[] {
  const found = [
    ...diagnoseEngine(facts),
    ...diagnoseMappings(facts),
    ...diagnoseStrays(facts),
    ...facts.functions.flatMap((seen) => diagnoseFunction(seen, facts) ?? []),
    ...diagnoseHooks(facts),
    ...diagnoseCompose(facts.compose),
  ];
  return [...found, ...diagnoseDeclared(facts, found)].sort(
    (a, b) => Number(a.severity === 'warns') - Number(b.severity === 'warns'),
  );
}

/** Used when no engine answers: its address or the files may show why. */
export function diagnoseUnreachable(
  problem: string,
  endpoint: string,
  { folder, compose, log }: Pick<Facts, 'folder' | 'compose' | 'log'>,
): Finding[] {
  return [
    finding('RH001', 'engine', 'No engine answers.', problem, 'start the engine, or pass its address with --endpoint'),
    ...publicAddress(endpoint),
    ...noLicence(log),
    ...diagnoseHooks({ ...(folder && { folder }), ...(compose && { compose }), ...(log && { log }) }),
    ...diagnoseCompose(compose),
  ];
}
