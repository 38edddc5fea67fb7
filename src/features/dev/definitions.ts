import { sep } from 'node:path';
import type { WithoutTime } from '../../runtime/report/events.ts';
import type { Noticed } from './events.ts';

interface Definition {
  /** Absolute paths of files and folders. */
  sources: string[];
  state: 'due' | 'failed' | 'ready';
}

/** The definitions that dev keeps ready, with their source files, and which of them are due to be applied. */
export class Definitions {
  #all = new Map<string, Definition>();

  constructor(files: readonly string[]) {
    this.replace(files);
  }

  /** The files that are due, in the order of the definitions. */
  due(): string[] {
    return [...this.#all].flatMap(([file, { state }]) => (state === 'due' ? file : []));
  }

  /** All files but this one. */
  others(file: string): string[] {
    return [...this.#all.keys()].filter((each) => each !== file);
  }

  areReady(): boolean {
    return [...this.#all.values()].every(({ state }) => state === 'ready');
  }

  /** Replaces the list of files, and returns the additions and removals. */
  replace(files: readonly string[]): WithoutTime<Noticed>[] {
    const before = this.#all;
    this.#all = new Map(files.map((file) => [file, before.get(file) ?? { sources: [], state: 'due' }]));
    const added = files.filter((file) => !before.has(file));
    const removed = [...before.keys()].filter((file) => !this.#all.has(file));
    return [
      ...removed.map((definition) => ({ type: 'definition-removed' as const, definition })),
      ...added.map((definition) => ({ type: 'definition-added' as const, definition })),
    ];
  }

  /** Adds source files to a definition. Earlier ones stay, because code that does not compile reveals only some of its imports. */
  addSources(file: string, paths: readonly string[]): void {
    const definition = this.#all.get(file);
    if (definition) definition.sources = [...new Set([...definition.sources, ...paths])];
  }

  /** Marks the definitions that use these paths as due, and returns the paths that any definition uses. */
  changed(paths: readonly string[]): string[] {
    return [...new Set(paths)].filter((path) => {
      const concerned = [...this.#all.values()].filter(({ sources }) => isPart(path, sources));
      for (const definition of concerned) definition.state = 'due';
      return concerned.length > 0;
    });
  }

  applied(file: string, ok: boolean): void {
    const definition = this.#all.get(file);
    if (definition) definition.state = ok ? 'ready' : 'failed';
  }

  /** Marks failed definitions as due, or all of them if the engine has lost its resources. */
  engineBack(lost: boolean): void {
    for (const definition of this.#all.values()) if (lost || definition.state === 'failed') definition.state = 'due';
  }
}

/** A source folder includes everything in it. */
function isPart(path: string, sources: readonly string[]): boolean {
  return sources.some((source) => path === source || path.startsWith(source + sep));
}
