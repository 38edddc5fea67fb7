import { textOf } from '../../runtime/definition/messages.ts';
import { type Fields, fieldsOf, type Source } from './document.ts';

/** A kind of resource in a resources.json: the spellings of its group, and the SDK's name of its name. */
interface Group {
  keys: RegExp;
  nameKey: string;
  type: string;
  /** The property of the template that takes the name. */
  property: string;
}

const STREAMS: Group = {
  keys: /^(kinesis|(kinesis_?)?streams)$/i,
  nameKey: 'StreamName',
  type: 'AWS::Kinesis::Stream',
  property: 'Name',
};
const BUCKETS: Group = {
  keys: /^(s3|(s3_?)?buckets)$/i,
  nameKey: 'Bucket',
  type: 'AWS::S3::Bucket',
  property: 'BucketName',
};
const FUNCTIONS: Group = {
  keys: /^(lambdas?|(lambda_?)?functions)$/i,
  nameKey: 'FunctionName',
  type: 'AWS::Lambda::Function',
  property: 'FunctionName',
};
const GROUPS = [STREAMS, BUCKETS, FUNCTIONS];
const MAPPINGS = /^(event_?source_?mappings?|event_?sources?|mappings|esms?)$/i;

/**
 * Turns a resources.json, as in localstack#12141, into a template. Its `kinesis`, `s3` and `lambda` hold the AWS SDK's inputs for
 * creating streams, buckets and functions, as a list, by name, or only names; event source mappings are in a separate list or
 * beside their function.
 */
export function fromResourcesJson(source: Source): { source: Source; leftOut: string[] } | undefined {
  const root = fieldsOf(source.root);
  if (!Object.keys(root).some((key) => STREAMS.keys.test(key) || FUNCTIONS.keys.test(key)) || 'Resources' in root)
    return;
  const draft = new ResourcesDraft();
  for (const [key, value] of Object.entries(root)) draft.addGroup(key, value);
  const { resources, leftOut } = draft;
  const lineOf: Source['lineOf'] = (container, key) => source.lineOf(container === resources ? root : container, key);
  return { source: { file: source.file, root: { Resources: resources }, lineOf }, leftOut };
}

class ResourcesDraft {
  readonly resources: Fields = {};
  readonly leftOut: string[] = [];

  addGroup(key: string, value: unknown): void {
    const group = GROUPS.find(({ keys }) => keys.test(key));
    if (MAPPINGS.test(key)) this.#addMappings(key, value, {});
    else if (!group)
      this.leftOut.push(`${key}: only streams, buckets, functions and event source mappings can be declared`);
    else if (group === FUNCTIONS) this.#addFunctions(key, value);
    else for (const one of this.#itemsOf(key, value, group)) this.#addNamed(group, one);
  }

  /** `lambda` contains functions, or a list of them and one of mappings. */
  #addFunctions(key: string, value: unknown): void {
    const fields = fieldsOf(value);
    const nested = Object.keys(fields).filter((each) => FUNCTIONS.keys.test(each) || MAPPINGS.test(each));
    for (const each of nested) this.addGroup(each, fields[each]);
    const rest = nested.length > 0 ? withoutKeys(fields, nested) : value;
    for (const one of this.#itemsOf(key, rest, FUNCTIONS)) {
      const mappings = Object.keys(one).filter((each) => MAPPINGS.test(each));
      this.#addNamed(FUNCTIONS, withCodePath(withoutKeys(one, mappings)));
      const FunctionName = one[FUNCTIONS.nameKey];
      for (const each of mappings) this.#addMappings(`${key} ${FunctionName}, ${each}`, one[each], { FunctionName });
    }
  }

  #addMappings(key: string, value: unknown, defaults: Fields): void {
    for (const [index, item] of [value ?? []].flat().entries()) {
      const mapping = { ...defaults, ...inPascalCase(fieldsOf(item)) };
      if (mapping['FunctionName'] && mapping['EventSourceArn'])
        this.#add('AWS::Lambda::EventSourceMapping', mapping, `${mapping['FunctionName']}Mapping`);
      else
        this.leftOut.push(`${key}[${index}]: it has no ${mapping['FunctionName'] ? 'EventSourceArn' : 'FunctionName'}`);
    }
  }

  #addNamed({ type, nameKey, property }: Group, one: Fields): void {
    this.#add(type, { ...withoutKeys(one, [nameKey]), [property]: one[nameKey] }, one[nameKey]);
  }

  #add(Type: string, Properties: Fields, named: unknown): void {
    const id = textOf(named).replace(/[^A-Za-z0-9]+/g, '') || 'Resource';
    let unique = id;
    for (let copy = 2; unique in this.resources; copy++) unique = `${id}${copy}`;
    this.resources[unique] = { Type, Properties };
  }

  /** The SDK's inputs in a list, one alone, names, or a map by name; lists those without a name as left out. */
  #itemsOf(key: string, value: unknown, { nameKey }: Group): Fields[] {
    return entriesOf(value, nameKey).flatMap(([at, item]) => {
      const one = typeof item === 'string' ? { [nameKey]: item } : inPascalCase(fieldsOf(item));
      if (typeof at === 'string') one[nameKey] ??= at;
      if (one[nameKey] === undefined && one['Name'] !== undefined) return [renamed(one, 'Name', nameKey)];
      if (typeof one[nameKey] === 'string' || typeof one[nameKey] === 'object') return [one];
      this.leftOut.push(`${key}[${at}]: it has no ${nameKey}`);
      return [];
    });
  }
}

function entriesOf(value: unknown, nameKey: string): [string | number, unknown][] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return [...value.entries()];
  const fields = fieldsOf(value);
  const isOne = typeof value === 'string' || [nameKey, 'Name'].some((name) => name in inPascalCase(fields));
  return isOne ? [[0, value]] : Object.entries(fields);
}

/** The SDK writes its keys in PascalCase, people also in camelCase. */
function inPascalCase(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]),
  );
}

function withoutKeys(fields: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}

function renamed(fields: Fields, from: string, to: string): Fields {
  return { ...withoutKeys(fields, [from]), [to]: fields[from] };
}

/** The SDK takes the zip's bytes here; in a file it can only be a path. */
function withCodePath(one: Fields): Fields {
  const { ZipFile } = fieldsOf(one['Code']);
  return typeof ZipFile === 'string' ? { ...one, Code: ZipFile } : one;
}
