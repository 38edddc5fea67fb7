import { sep } from 'node:path';
import type { WithoutTime } from '../../runtime/report/events.ts';
import type { Noticed } from './events.ts';

interface Definition {
  /** Files and folders, absolute. */
  sources: string[];
  state: 'due' | 'failed' | 'ready';
}

/** The definitions that dev keeps ready: what each is made of, and which of them are due to be applied. */
export class Definitions {
  #all = new Map<string, Definition>();

  constructor(files: readonly string[]) {
    this.replace(files);
  }

  /** The files that are due, in the order in which the definitions were given. */
  due(): string[] {
    return [...this.#all].flatMap(([file, { state }]) => (state === 'due' ? file : []));
  }

  /** Takes these files in place of those before, and returns what that adds and removes. */
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

  /** Adds to what a definition is made of. What it was made of before stays: of code that does not compile, no more is known. */
  addSources(file: string, paths: readonly string[]): void {
    const definition = this.#all.get(file);
    if (definition) definition.sources = [...new Set([...definition.sources, ...paths])];
  }

  /** Makes the definitions due that are made of these paths, and returns those paths that any is made of. */
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

  /** Makes due what failed, and all of them where the engine has lost what it held. */
  engineBack(lost: boolean): void {
    for (const definition of this.#all.values()) if (lost || definition.state === 'failed') definition.state = 'due';
  }
}

/** A folder that is packed as it is counts with all that is in it. */
function isPart(path: string, sources: readonly string[]): boolean {
  return sources.some((source) => path === source || path.startsWith(source + sep));
}
