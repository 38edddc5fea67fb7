import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError } from '../../runtime/errors.ts';
import { renameSync, rmSync, writeFileSync } from '../../runtime/file-system.ts';
import { stateDirOf } from '../process/data-dir.ts';
import { findRecord } from '../process/down.ts';
import { engineFolders } from './settings.ts';

/** A function to run under Node's inspector. */
export interface Inspection {
  name: string;
  region: string;
  account: string;
  /** Where the inspector listens on 127.0.0.1. */
  port: number;
  /** The folder that the sources in the function's source map are relative to. */
  sources?: string | undefined;
}

/**
 * Makes an engine run functions under Node's inspector, by a file for each that its executor reads
 * (executor/ready_hooks_executor/inspection.py), until `close` or the end of this process.
 */
export class Inspections {
  readonly #folder: string;
  readonly #files = new Set<string>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Rejects an engine that does not run its functions with this executor. */
  static of(endpoint: string): Inspections {
    const { hostname, port } = new URL(endpoint);
    const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
    const engine = isHere ? findRecord({ port: Number(port) }) : undefined;
    const folder = engine && engineFolders(stateDirOf(engine.dataDir)).inspect;
    if (folder && existsSync(folder)) return new Inspections(folder);
    throw new InvalidInputError(
      engine && engine.product !== 'ministack'
        ? `The engine at ${endpoint} was started by an earlier version of ready-hooks, without debugging: start it again (npx ready-hooks down --port ${port}, then up).`
        : notInspectable(`the one at ${endpoint}`),
    );
  }

  /** Takes effect at the function's next invocation. */
  set({ name, region, account, port, sources }: Inspection): void {
    const file = join(this.#folder, `${account}.${region}.${name}.json`);
    this.#files.add(file);
    writeFileSync(`${file}.new`, JSON.stringify({ port, pid: process.pid, sources }));
    renameSync(`${file}.new`, file);
  }

  close(): void {
    for (const file of this.#files) rmSync(file, { force: true });
  }
}

/** Why an engine does not run functions under the inspector, as a sentence. */
export function notInspectable(engine: string): string {
  return `Debuggers can attach to functions on an engine that npx ready-hooks up --engine localstack (or localemu) started, but ${engine} is another: use such an engine, or, where LocalStack runs functions in containers, set its LAMBDA_DOCKER_FLAGS="-p 9229:9229 -e NODE_OPTIONS=--inspect=0.0.0.0:9229".`;
}
