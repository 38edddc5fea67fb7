/** A safe file name for `name` that differs from all `taken` ones, ignoring case as macOS and Windows do. */
export function fileName(name: string, extension: string, taken: ReadonlyMap<string, unknown>): string {
  const lower = new Set([...taken.keys()].map((key) => key.toLowerCase()));
  const base = name.replace(/[^A-Za-z0-9_.-]/g, '_');
  for (let copy = 1; ; copy++) {
    const file = copy === 1 ? base + extension : `${base}-${copy}${extension}`;
    if (!lower.has(file.toLowerCase())) return file;
  }
}
