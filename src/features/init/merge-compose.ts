import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { InvalidInputError } from '../../runtime/errors.ts';
import {
  BESIDE_OTHERS,
  healthcheckIn,
  indent,
  type Lines,
  mountAt,
  READY_D,
  SERVICE,
  waitsForHooks,
} from './service.ts';

/** A compose file with the missing lines added; all other bytes are unchanged. */
export interface Merged {
  text: string;
  /** The additions, for people. */
  added: string[];
  /** Notes on lines that were left alone or must be added by hand. */
  notes: string[];
  /** The source of an existing ready.d mount. */
  readyD?: string;
}

/** What `init` mounts itself. */
const OWN_SOURCE = './init/ready.d';

const IS_LOCALSTACK = /localstack\/localstack/;

/** Adds the mount and the health check to the LocalStack service, or a whole service if there is none. */
export function mergeCompose(file: string, text: string): Merged {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error)
    throw new InvalidInputError(
      `${file} is not valid YAML: ${error.message.split('\n')[0]}. Fix it, then run this again.`,
    );
  const services = isMap(document.contents) ? document.get('services', true) : undefined;
  if (!isMap(services))
    throw new InvalidInputError(
      `${file} has no services, so nothing can be added to it. Check that it is a compose file.`,
    );
  const all = services.items as Pair<Node, Node>[];
  const found = all.filter(({ value }) => isMap(value) && IS_LOCALSTACK.test(String(value.get('image') ?? '')));
  const [pair] = found.length > 1 ? found.filter(({ key }) => String(key) === 'localstack') : found;
  if (!pair) return withService(file, text, services);
  const service = pair.value as YAMLMap<Node, Node>;
  const name = String(pair.key);
  const volumes = service.get('volumes', true);
  const mounts = isSeq(volumes) ? volumes.items.map((item) => mountOf(item as Node)) : [];
  const target = mounts.some(isInReadyD) ? BESIDE_OTHERS : READY_D;
  if (service.flow)
    return { text, added: [], notes: [byHand(file, name, [...mountAt(target), ...healthcheckIn(target)])] };

  const result: Merged = { text, added: [], notes: [] };
  const place: Place = { file, name, service, mounts, target };
  // Insert from the end, so that earlier offsets stay valid.
  const edits = [addHealthcheck(place, result), addMount(place, result)];
  for (const edit of edits.filter((each) => each !== undefined).sort((one, other) => other.at - one.at))
    result.text = insertLines(result.text, edit.at, edit.lines);
  return result;
}

/** The service to change, and where to mount the hooks. */
interface Place {
  file: string;
  name: string;
  service: YAMLMap<Node, Node>;
  mounts: Mount[];
  target: string;
}

interface Mount {
  source: string;
  target: string;
}

interface Edit {
  /** Insert after the line with this offset. */
  at: number;
  lines: Lines;
}

function withService(file: string, text: string, services: YAMLMap): Merged {
  if (services.flow || services.items.length === 0)
    return { text, added: [], notes: [byHand(file, 'services', SERVICE)] };
  const lines = ['', ...indent(SERVICE, columnOf(text, services))];
  return { text: insertLines(text, endOf(services), lines), added: ['a service localstack'], notes: [] };
}

function addMount({ file, name, service, mounts, target }: Place, result: Merged): Edit | undefined {
  const mounted = mounts.find(isReadyD);
  if (mounted) {
    result.readyD = mounted.source;
    if (mounted.source !== OWN_SOURCE)
      result.notes.push(
        `${file} already mounts ${mounted.source} at ${mounted.target}: it is kept, so build into that folder`,
      );
    return undefined;
  }
  const volumes = service.get('volumes', true) as Node | undefined;
  const lines = mountAt(target);
  if (volumes && !isSeq(volumes)) return giveUp(result, byHand(file, name, lines));
  if (volumes?.flow) return giveUp(result, byHand(file, `${name}, volumes`, lines));
  result.added.push(`a mount of init/ready.d for service ${name}`);
  for (const other of mounts.filter(isInReadyD)) result.notes.push(beside(file, other));
  const column = columnOf(result.text, service);
  if (!volumes || volumes.items.length === 0)
    return { at: endOf(service), lines: indent(['volumes:', ...indent(lines, 2)], column) };
  return { at: endOf(volumes), lines: indent(lines, columnOf(result.text, volumes)) };
}

/** Why the hooks get a subfolder. */
function beside(file: string, { source, target }: Mount): string {
  return `${file} already mounts ${source} at ${target}, which Docker could not do inside a read-only mount of ${READY_D}. So init/ready.d is mounted beside it, at ${BESIDE_OTHERS}, which needs LocalStack 3.6 or newer; the health check does not wait for ${source}`;
}

function addHealthcheck({ file, name, service, target }: Place, result: Merged): Edit | undefined {
  const lines = healthcheckIn(target);
  const own = service.get('healthcheck', true);
  if (own && waitsForHooks(String(own))) return undefined;
  if (own)
    return giveUp(
      result,
      `${file}: service ${name} already has a health check, which is kept. It may succeed before the hooks finish; this one waits for them:\n${lines.join('\n')}`,
    );
  result.added.push(`a health check for service ${name} that waits for the hooks`);
  return { at: endOf(service), lines: indent(lines, columnOf(result.text, service)) };
}

function giveUp(result: Merged, note: string): undefined {
  result.notes.push(note);
}

function byHand(file: string, where: string, lines: Lines): string {
  return `${file} cannot be changed without rewriting it. Add this to ${where}:\n${lines.join('\n')}`;
}

/** Reads a volume in its short form, `source:target[:mode]`, or its long form. */
function mountOf(volume: Node): Mount {
  if (isScalar(volume)) {
    const [source = '', target = ''] = String(volume.value).split(':');
    return { source, target };
  }
  const of = (key: string) => (isMap(volume) ? String(volume.get(key) ?? '') : '');
  return { source: of('source'), target: of('target') };
}

/** A mount of the parent folder counts too, as it contains ready.d. */
function isReadyD({ target }: Mount): boolean {
  return [READY_D, READY_D.replace('/ready.d', ''), BESIDE_OTHERS].includes(target.replace(/\/$/, ''));
}

/** A mount of a script or folder inside ready.d. */
function isInReadyD({ target }: Mount): boolean {
  return target.startsWith(`${READY_D}/`) && target.replace(/\/$/, '') !== READY_D;
}

/** The offset of a node's last character. */
function endOf(node: Node): number {
  return Math.max(0, (node.range?.[1] ?? 1) - 1);
}

/** The indentation of a block: the column of its first entry. */
function columnOf(text: string, node: Node): number {
  const start = node.range?.[0] ?? 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

function insertLines(text: string, at: number, lines: Lines): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const end = text.indexOf('\n', at);
  const [before, after] = end < 0 ? [`${text}${eol}`, ''] : [text.slice(0, end + 1), text.slice(end + 1)];
  return before + lines.map((line) => line + eol).join('') + after;
}
