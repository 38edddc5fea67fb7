/**
 * The status and JSON body of one unsigned GET, which follows no redirect; a body that is no JSON is undefined.
 * AbortSignal.any and .timeout together need Node 20.3; the hook also runs on 18.
 */
export async function getOnce(url: string, timeoutMs: number, signal: AbortSignal | undefined) {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(() => stop.abort(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    if (signal?.aborted) abort();
    const response = await fetch(url, { redirect: 'manual', signal: stop.signal });
    return { status: response.status, body: parse(await response.text()) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
