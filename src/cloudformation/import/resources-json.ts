import { type Fields, fieldsOf, type Source } from './document.ts';

const PART = /^event_?source_?mappings?$/i;

/**
 * A resources.json, as in localstack#12141, as a template. Its `kinesis`, `s3` and `lambda` are lists of what the AWS SDK takes to
 * create streams, buckets and functions; event source mappings are in a list of their own or beside their function.
 */
export function fromResourcesJson(source: Source): Source | undefined {
  const root = fieldsOf(source.root);
  if (!('kinesis' in root || 'lambda' in root) || 'Resources' in root) return undefined;
  const Resources: Fields = {};
  const add = (Type: string, Properties: Fields, named: unknown) => {
    const id = String(named).replace(/[^A-Za-z0-9]+/g, '') || 'Resource';
    let unique = id;
    for (let copy = 2; unique in Resources; copy++) unique = `${id}${copy}`;
    Resources[unique] = { Type, Properties };
  };
  for (const stream of listOf(root['kinesis'])) {
    const { StreamName, ...rest } = stream;
    add('AWS::Kinesis::Stream', { ...rest, Name: StreamName }, StreamName);
  }
  for (const bucket of listOf(root['s3'])) {
    const { Bucket, ...rest } = bucket;
    add('AWS::S3::Bucket', { ...rest, BucketName: Bucket }, Bucket);
  }
  const mappings = [...partsOf(root), ...partsOf(fieldsOf(root['lambda']))];
  for (const one of functionsOf(root['lambda'])) {
    mappings.push(...partsOf(one).map((mapping) => ({ FunctionName: one['FunctionName'], ...mapping })));
    add('AWS::Lambda::Function', functionOf(one), one['FunctionName']);
  }
  for (const mapping of mappings) add('AWS::Lambda::EventSourceMapping', mapping, `${mapping['FunctionName']}Mapping`);
  const lines = (container: unknown, key?: string) =>
    container === Resources ? source.lineOf(root) : source.lineOf(container, key);
  return { file: source.file, root: { Resources }, lineOf: lines };
}

const listOf = (value: unknown): Fields[] =>
  Array.isArray(value) ? value.map(fieldsOf) : value ? [fieldsOf(value)] : [];

/** `lambda` is a list of functions, or has one. */
function functionsOf(lambda: unknown): Fields[] {
  const { functions } = fieldsOf(lambda);
  return listOf(functions ?? lambda).filter((one) => one['FunctionName'] !== undefined);
}

const partsOf = (fields: Fields): Fields[] =>
  Object.entries(fields).flatMap(([key, value]) => (PART.test(key) ? listOf(value) : []));

/** The SDK takes the zip's bytes: in a file they can only be a path. */
function functionOf(one: Fields): Fields {
  const properties = Object.fromEntries(Object.entries(one).filter(([key]) => !PART.test(key)));
  const { ZipFile } = fieldsOf(properties['Code']);
  return typeof ZipFile === 'string' ? { ...properties, Code: ZipFile } : properties;
}
