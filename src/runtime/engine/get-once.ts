import { Agent, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { linked } from '../linked.ts';

/**
 * The status and JSON body of one unsigned GET without redirects; a body that is not valid JSON is undefined.
 * Uses neither fetch nor the global agent: with NODE_USE_ENV_PROXY both use HTTP_PROXY, even for this machine.
 */
export async function getOnce(url: string, timeoutMs: number, signal?: AbortSignal) {
  const { own, release } = linked(signal);
  let late: Error | undefined;
  const timer = setTimeout(() => {
    late = new Error(`no response within ${timeoutMs / 1000} s`);
    own.abort();
  }, timeoutMs);
  try {
    const { status, text } = await get(url, own.signal);
    return { status, body: parse(text) };
  } catch (error) {
    throw late ?? error;
  } finally {
    clearTimeout(timer);
    release();
  }
}

function get(url: string, signal: AbortSignal): Promise<{ status: number; text: string }> {
  const secure = url.startsWith('https:');
  const agent = secure ? new SecureAgent() : new Agent();
  return new Promise((resolve, reject) => {
    const sent = (secure ? secureRequest : request)(url, { agent, signal }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.once('error', reject);
    sent.end();
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
