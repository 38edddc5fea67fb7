import { type Fields, fieldsOf, type Source } from './document.ts';

const MAPPINGS = /^event_?source_?mappings?$/i;

/**
 * Turns a resources.json, as in localstack#12141, into a template. Its `kinesis`, `s3` and `lambda` list the AWS SDK's inputs for
 * creating streams, buckets and functions; event source mappings are in a separate list or beside their function.
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
  for (const { StreamName, ...rest } of listOf(root['kinesis']))
    add('AWS::Kinesis::Stream', { ...rest, Name: StreamName }, StreamName);
  for (const { Bucket, ...rest } of listOf(root['s3'])) add('AWS::S3::Bucket', { ...rest, BucketName: Bucket }, Bucket);
  const functions = functionsOf(root['lambda']);
  for (const one of functions) add('AWS::Lambda::Function', withoutMappings(one), one['FunctionName']);
  const mappings = [
    ...mappingsOf(root),
    ...mappingsOf(fieldsOf(root['lambda'])),
    ...functions.flatMap((one) => mappingsOf(one).map((each) => ({ FunctionName: one['FunctionName'], ...each }))),
  ];
  for (const mapping of mappings) add('AWS::Lambda::EventSourceMapping', mapping, `${mapping['FunctionName']}Mapping`);
  const lineOf: Source['lineOf'] = (container, key) => source.lineOf(container === Resources ? root : container, key);
  return { file: source.file, root: { Resources }, lineOf };
}

const listOf = (value: unknown): Fields[] => (value ? [value].flat().map(fieldsOf) : []);

/** `lambda` is a list of functions, or contains one. */
function functionsOf(lambda: unknown): Fields[] {
  const { functions } = fieldsOf(lambda);
  return listOf(functions ?? lambda).filter((one) => one['FunctionName'] !== undefined);
}

const mappingsOf = (fields: Fields): Fields[] =>
  Object.entries(fields).flatMap(([key, value]) => (MAPPINGS.test(key) ? listOf(value) : []));

/** The SDK takes the zip's bytes here; in a file it can only be a path. */
function withoutMappings(one: Fields): Fields {
  const properties = Object.fromEntries(Object.entries(one).filter(([key]) => !MAPPINGS.test(key)));
  const { ZipFile } = fieldsOf(properties['Code']);
  return typeof ZipFile === 'string' ? { ...properties, Code: ZipFile } : properties;
}
