import { type Finding, finding } from './catalog.ts';
import { readyHooks } from './commands.ts';
import type { Facts, FunctionFacts, LogEvent, LogFacts } from './facts.ts';

type StartLine = Extract<LogEvent, { line: string }>;

/** A function in a container of its own that has not been seen to start: by the tag of its first call, or by the log. */
export function doesNotStart(seen: FunctionFacts, { log, engine }: Facts): Finding | undefined {
  const { name, unverified, recentCalls } = seen;
  const failure = log?.events.find((event) => event.type === 'start-failed' && event.function === name);
  const hasWorked = recentCalls !== undefined && recentCalls.errors < recentCalls.calls;
  if (!unverified && (!failure || hasWorked)) return undefined;
  const { line = undefined, fix } = causeIn(log) ?? {
    fix: `run ${readyHooks('apply', engine)}, which calls it again and shows the reason, or pass LocalStack's log with --log`,
  };
  const tag = `GetFunction ${name}: its tag ready-hooks:start is unverified, so its first call has not succeeded`;
  return finding(
    'RH206',
    { label: `function ${name}`, kind: 'function', ref: { name } },
    `The function ${name} is Active but has not started successfully yet, so its mappings deliver nothing.`,
    [...(unverified ? [tag] : []), ...(line && log ? [`${log.file}: ${line}`] : [])].join('; '),
    fix,
  );
}

const RESTART = "then create LocalStack's container again (docker compose up --wait)";

const FIXES = {
  'init-failed': 'fix the error in the code that runs when the function is loaded, and apply again',
  'own-container-unknown': `LocalStack does not find its own container by its hostname: remove hostname from its service, or set MAIN_CONTAINER_NAME to the name of its container, ${RESTART}`,
  'no-address': `LocalStack is not on the network of its functions: set LAMBDA_DOCKER_NETWORK to a network of its container (docker network ls), or remove the variable, ${RESTART}`,
  'start-failed': `pass the compose file with --compose to check hostname and LAMBDA_DOCKER_NETWORK, see LocalStack's log for other reasons, ${RESTART}`,
};

/** The line that explains most: a function that loads far enough to fail reaches LocalStack, and a failed start follows from the others. */
function causeIn(log: LogFacts | undefined): { line: string; fix: string } | undefined {
  const types = Object.keys(FIXES) as (keyof typeof FIXES)[];
  const [found] = types.flatMap((type) => {
    const event = log?.events.find((one): one is StartLine => one.type === type);
    return event ? { line: event.line, fix: FIXES[type] } : [];
  });
  return found;
}
