import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { request } from 'node:http';
import { SourceMap } from 'node:module';
import type { Socket } from 'node:net';
import { pathToFileURL } from 'node:url';

// biome-ignore lint/suspicious/noExplicitAny: the protocol's own types need a package
type Json = any;

/**
 * A debugger that speaks the protocol of Node's inspector. As VS Code and Chrome, it finds the lines of TypeScript files in the source
 * maps that scripts name.
 */
export class Debugger implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #scripts: Json[] = [];
  readonly #events = new EventEmitter();
  #paused: Json;
  #id = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    readFrames(socket, (text) => this.#receive(JSON.parse(text)));
  }

  /** `address`: as ready-hooks prints it, such as `127.0.0.1:9229`. */
  static async attach(address: string): Promise<Debugger> {
    const [target] = (await (await fetch(`http://${address}/json/list`)).json()) as [Json];
    const attached = new Debugger(await webSocket(target.webSocketDebuggerUrl));
    await attached.send('Debugger.enable');
    return attached;
  }

  /** Sets a breakpoint at a line of a source file, counted from 1. */
  async breakAt(file: string, line: number): Promise<void> {
    for (const { url, sourceMapURL } of this.#scripts) {
      const generated = generatedLine(sourceMapURL, pathToFileURL(file).href, line);
      if (generated === undefined) continue;
      const { locations } = await this.send('Debugger.setBreakpointByUrl', { url, lineNumber: generated });
      if (locations.length > 0) return;
    }
    throw new Error(`No script was made from line ${line} of ${file}`);
  }

  /** Sets a breakpoint at the first line with this text in a script, for code without a source map. */
  async breakAtText(urlEnd: string, text: string): Promise<void> {
    const { url, scriptId } = this.#scripts.find((script) => script.url.endsWith(urlEnd));
    const { scriptSource } = await this.send('Debugger.getScriptSource', { scriptId });
    const lineNumber = scriptSource.split('\n').findIndex((line: string) => line.includes(text));
    if (lineNumber < 0) throw new Error(`${url} has no line with ${text}`);
    await this.send('Debugger.setBreakpointByUrl', { url, lineNumber });
  }

  /** Waits until the function is paused; returns where, as `file:line`. */
  async paused(): Promise<string> {
    if (!this.#paused) await once(this.#events, 'Debugger.paused', { signal: AbortSignal.timeout(20_000) });
    const [{ location }] = this.#paused.callFrames;
    const script = this.#scripts.find(({ scriptId }) => scriptId === location.scriptId);
    if (!script.sourceMapURL) return script.url;
    const found = sourceMap(script.sourceMapURL).findEntry(location.lineNumber, location.columnNumber);
    return 'originalSource' in found ? `${found.originalSource}:${found.originalLine + 1}` : script.url;
  }

  isPaused(): boolean {
    return this.#paused !== undefined;
  }

  async evaluate(expression: string): Promise<unknown> {
    const { callFrameId } = this.#paused.callFrames[0];
    return (await this.send('Debugger.evaluateOnCallFrame', { callFrameId, expression })).result.value;
  }

  async resume(): Promise<void> {
    this.#paused = undefined;
    await this.send('Debugger.resume');
  }

  async send(method: string, params: object = {}): Promise<Json> {
    const id = ++this.#id;
    const answered = once(this.#events, String(id), { signal: AbortSignal.timeout(20_000) });
    this.#socket.write(frame(JSON.stringify({ id, method, params })));
    const [{ result, error }] = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
  }

  #receive({ id, method, params, ...answer }: Json): void {
    if (method === 'Debugger.scriptParsed') this.#scripts.push(params);
    if (method === 'Debugger.paused') this.#paused = params;
    this.#events.emit(id === undefined ? method : String(id), answer);
  }
}

function sourceMap(url: string): SourceMap {
  const [, base64 = ''] = /^data:application\/json;base64,(.*)$/.exec(url) ?? [];
  return new SourceMap(JSON.parse(Buffer.from(base64, 'base64').toString()));
}

/** The first line of a script, counted from 0, that was made from a line of a source. */
function generatedLine(url: string, source: string, line: number): number | undefined {
  if (!url.startsWith('data:')) return undefined;
  const map = sourceMap(url);
  const lines = map.payload.mappings.split(';').length;
  for (let generated = 0; generated < lines; generated++) {
    const entry = map.findEntry(generated, 10_000);
    if (!('originalSource' in entry) || entry.generatedLine !== generated) continue;
    if (entry.originalSource === source && entry.originalLine === line - 1) return generated;
  }
  return undefined;
}

/** Node.js 20 has no WebSocket. */
function webSocket(url: string): Promise<Socket> {
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
  };
  return new Promise((done, failed) => {
    request(url.replace('ws:', 'http:'), { headers })
      .once('upgrade', (_response, socket, head) => {
        socket.unshift(head);
        done(socket as Socket);
      })
      .once('error', failed)
      .end();
  });
}

/** A message from a client: masked, here with zeros. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const length = payload.length < 126 ? [0x80 | payload.length] : [0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), payload]);
}

function readFrames(socket: Socket, onText: (text: string) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = endOfFrame(rest);
      if (end === undefined || rest.length < end.end) return;
      if ((rest[0] ?? 0) === 0x81) onText(rest.subarray(end.start, end.end).toString());
      rest = rest.subarray(end.end);
    }
  });
}

function endOfFrame(bytes: Buffer): { start: number; end: number } | undefined {
  const short = (bytes[1] ?? 0) & 127;
  const start = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < start) return undefined;
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  return { start, end: start + length };
}
