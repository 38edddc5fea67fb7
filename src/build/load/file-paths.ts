import type { Problem } from '../../runtime/definition/messages.ts';

const FILES: Record<string, readonly string[]> = {
  functions: ['entry', 'directory', 'zip'],
  buckets: ['seed.directory', 'seed.zip'],
  streams: ['seed.file'],
};

/** Whether a field of a definition names a file or folder. */
export function isFilePath([kind = '', , ...field]: Problem['path']): boolean {
  return FILES[kind]?.includes(field.join('.')) ?? false;
}
