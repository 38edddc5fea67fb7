import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { chmod, FileError, rename, rm, writeFile } from '../../runtime/file-system.ts';

/** Writes a temporary file and renames it, so that the target is either complete or unchanged. `mode`: permissions; default: by umask. */
export async function replaceFile(file: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const temporary = join(dirname(file), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    if (mode !== undefined) await chmod(temporary, mode);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    if (!(error instanceof FileError)) throw error;
    throw new FileError(error.message.replaceAll(temporary, file), error.code, { cause: error });
  }
}
