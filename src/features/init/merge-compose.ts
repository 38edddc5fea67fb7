import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { ProductName } from '../../runtime/engine/engine.ts';
import { PRODUCTS } from '../../runtime/engine/products.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { COMPOSE_ENGINES, engineOf, ONE_SHOT, oneShot, servicesOf } from './engines.ts';
import { BESIDE_OTHERS, healthcheckIn, indent, type Lines, mountAt, READY_D, waitsForHooks } from './service.ts';
import { columnOf, type Edit, endOf, withEdits } from './yaml-lines.ts';

/** A compose file with the missing lines added; all other bytes are unchanged. */
export interface Merged {
  text: string;
  /** The additions, for people. */
  added: string[];
  /** Notes on lines that were left alone or must be added by hand. */
  notes: string[];
  /** The source of an existing ready.d mount. */
  readyD?: string;
  engine: ProductName;
  /** The engine's service. */
  service: string;
}

/** What `init` mounts itself. */
const OWN_SOURCE = './init/ready.d';

/** Adds the mount and the health check to the engine's service, or a whole service if there is none. */
export function mergeCompose(file: string, text: string, wanted: ProductName = 'localstack'): Merged {
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
  const found = all.filter(({ value }) => isMap(value) && engineOf(String(value.get('image') ?? '')));
  const [pair] = found.length > 1 ? found.filter(({ key }) => String(key) === wanted) : found;
  if (!pair) return withService(file, text, services, wanted);
  const service = pair.value as YAMLMap<Node, Node>;
  const engine = engineOf(String(service.get('image'))) ?? wanted;
  const volumes = service.get('volumes', true);
  const mounts = isSeq(volumes) ? volumes.items.map((item) => mountOf(item as Node)) : [];
  const target = mounts.some(isInReadyD) ? BESIDE_OTHERS : READY_D;
  const place: Place = { file, name: String(pair.key), services, service, engine, mounts, target };
  const result: Merged = { text, added: [], notes: [], engine, service: place.name };
  const edits = COMPOSE_ENGINES[engine].hasNode ? hooksInside(place, result) : hooksBeside(place, result);
  return { ...result, text: withEdits(text, edits) };
}

/** The engine runs the hooks. */
function hooksInside(place: Place, result: Merged): Edit[] {
  const { file, name, service, target } = place;
  if (service.flow) {
    result.notes.push(byHand(file, name, [...mountAt(target), ...healthcheckIn(target)]));
    return [];
  }
  return [addHealthcheck(place, result), addMount(place, result)].flatMap((edit) => edit ?? []);
}

/** A service beside the engine runs the hooks once. */
function hooksBeside({ file, name, services, service, engine }: Place, result: Merged): Edit[] {
  const lines = oneShot(engine, name);
  if (services.has(ONE_SHOT)) return [];
  if (services.flow || service.flow) {
    result.notes.push(byHand(file, 'services', lines));
    return [];
  }
  const { healthcheck } = COMPOSE_ENGINES[engine];
  const lacksCheck = healthcheck && !service.has('healthcheck');
  result.added.push(
    `a service ${ONE_SHOT} that runs the hooks, as the image of ${PRODUCTS[engine].title} has no Node.js`,
  );
  if (lacksCheck) result.added.push(`a health check for service ${name}`);
  return [
    { at: endOf(services), lines: ['', ...indent(lines, columnOf(result.text, services))] },
    ...(lacksCheck ? [{ at: endOf(service), lines: indent(healthcheck, columnOf(result.text, service)) }] : []),
  ];
}

/** The service to change, and where to mount the hooks. */
interface Place {
  file: string;
  name: string;
  services: YAMLMap;
  service: YAMLMap<Node, Node>;
  engine: ProductName;
  mounts: Mount[];
  target: string;
}

interface Mount {
  source: string;
  target: string;
}

function withService(file: string, text: string, services: YAMLMap, engine: ProductName): Merged {
  const lines = servicesOf(engine);
  const names = COMPOSE_ENGINES[engine].hasNode ? `a service ${engine}` : `the services ${engine} and ${ONE_SHOT}`;
  const about = { engine, service: engine };
  if (services.flow || services.items.length === 0)
    return { text, added: [], notes: [byHand(file, 'services', lines)], ...about };
  const edit = { at: endOf(services), lines: ['', ...indent(lines, columnOf(text, services))] };
  return { text: withEdits(text, [edit]), added: [names], notes: [], ...about };
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
