/** This worker's LocalStack. Tests share it, so each uses unique names. */
export function endpoint(): string {
  const endpoints = process.env['READY_HOOKS_TEST_ENDPOINTS']?.split(' ') ?? [];
  const own = endpoints[(Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % endpoints.length];
  if (!own) throw new Error('No engine was started for this worker');
  return own;
}
