import { dirname } from 'node:path';
import { Inspections } from '../../local/localstack/inspections.ts';
import { freePort, isPortInUse } from '../../local/machine/port.ts';
import type { DeclaredFunction, Pipeline } from '../../runtime/definition/pipeline.ts';
import { type Aws, connect } from '../../runtime/engine/connect.ts';
import { resolveEndpoint } from '../../runtime/engine/endpoint.ts';
import { ExpectedError, InvalidInputError } from '../../runtime/errors.ts';

const LOWEST_PORT = 1024;
const HIGHEST_PORT = 65_535;
/** A process starts in a fraction of a second, unless a debugger pauses it. */
const START_MS = 10_000;

/** The executor starts the function's process for it, without calling the handler. */
const START = JSON.stringify({ readyHooksInspect: true });

/** A function that waits for a debugger, at an address such as `127.0.0.1:9229`. */
export interface Inspected {
  function: string;
  port: number;
}

/** Rejects a port that is invalid, or in use. Each function has one: the first gets `port`, the second the next one …; with 0, any. */
export async function checkInspectPorts(port: number, count: number): Promise<void> {
  const last = port + Math.max(count, 1) - 1;
  if (!Number.isInteger(port) || (port !== 0 && port < LOWEST_PORT) || last > HIGHEST_PORT)
    throw new InvalidInputError(
      `The port ${port} for debuggers is invalid: expected 0, or ${LOWEST_PORT} to ${HIGHEST_PORT - (last - port)}.`,
    );
  if (port === 0) return;
  for (let each = port; each <= last; each++)
    if (await isPortInUse(each))
      throw new ExpectedError(
        `Port ${each} for a debugger is in use by another program: stop it, or choose another with --inspect=PORT${last > port ? ` (${count} functions need the ports from PORT on)` : ''}.`,
      );
}

/** The functions of a pipeline that a debugger can attach to. */
export function inspectable({ functions }: Pipeline): [string, DeclaredFunction][] {
  return Object.entries(functions).flatMap(([name, declared]) =>
    declared.existing || !declared.runtime.startsWith('nodejs') ? [] : [[name, declared]],
  );
}

/** The functions of pipelines on one engine, under Node's inspector. */
export class Inspector {
  readonly #endpoint: string;
  readonly #inspections: Inspections;
  readonly #ports = new Map<string, number>();
  readonly #known = new Set<string>();
  #next: number;

  /** Rejects an engine on which functions cannot be debugged. */
  constructor(endpoint: string | undefined, firstPort: number) {
    this.#endpoint = resolveEndpoint(endpoint, process.env);
    this.#inspections = Inspections.of(this.#endpoint);
    this.#next = firstPort;
  }

  /** Before the pipeline is applied, so that its functions start under the inspector. */
  async add(pipeline: Pipeline): Promise<void> {
    const { region, account } = pipeline;
    for (const [name, declared] of inspectable(pipeline)) {
      const port = await this.#portOf(keyOf(name, pipeline));
      const sources = declared.entry === undefined ? undefined : dirname(declared.entry);
      this.#inspections.set({ name, region, account, port, sources });
    }
  }

  /** Starts the processes of a pipeline's functions. Returns those for which a debugger can attach for the first time. */
  async start(
    pipeline: Pipeline,
    signal: AbortSignal | undefined,
    onProblem: (problem: string) => void,
  ): Promise<Inspected[]> {
    const { region, account } = pipeline;
    const aws = await connect({ endpoint: this.#endpoint, region, account, ...(signal && { signal }) });
    const listening: Inspected[] = [];
    try {
      for (const [name] of inspectable(pipeline)) {
        const key = keyOf(name, pipeline);
        const port = this.#ports.get(key);
        const started = await startOne(name, aws);
        if (port === undefined || !started) continue;
        if (started.failure) onProblem(`Function ${name} does not start: ${started.failure}.`);
        else if (!started.inspector) onProblem(`Function ${name} cannot be debugged: port ${port} is in use by now.`);
        else if (!this.#known.has(key)) listening.push({ function: name, port });
        if (started.inspector) this.#known.add(key);
      }
    } finally {
      aws.close();
    }
    return listening;
  }

  /** The functions' next invocations are without the inspector. */
  close(): void {
    this.#inspections.close();
  }

  async #portOf(key: string): Promise<number> {
    const known = this.#ports.get(key);
    if (known !== undefined) return known;
    const port = this.#next === 0 ? await freePort() : await this.#nextPort();
    this.#ports.set(key, port);
    return port;
  }

  async #nextPort(): Promise<number> {
    while (await isPortInUse(this.#next)) this.#next++;
    return this.#next++;
  }
}

function keyOf(name: string, { region, account }: Pick<Pipeline, 'region' | 'account'>): string {
  return `${account} ${region} ${name}`;
}

/** Undefined if it does not answer, as while a debugger pauses its start. */
async function startOne(FunctionName: string, { call }: Aws): Promise<Started | undefined> {
  const options = { timeoutMs: START_MS };
  const answer = await call('Invoke', { FunctionName, Payload: Buffer.from(START) }, options).catch(() => undefined);
  return answer && JSON.parse(Buffer.from(answer.Payload ?? []).toString() || '{}');
}

/** The executor's answer: the address of the inspector, or why the function's code does not load. */
interface Started {
  inspector?: string | null;
  failure?: string | null;
}

/** An entry of VS Code's launch.json. `restart`: the process ends with each change; null, as the code is outside of the workspace. */
export function launchConfiguration({ function: name, port }: Inspected): object {
  return { name, type: 'node', request: 'attach', port, restart: true, resolveSourceMapLocations: null };
}
