import { textOf } from '../../runtime/definition/messages.ts';
import { METADATA } from '../export/template.ts';
import { fieldsOf } from './document.ts';
import type { Draft, ImportOptions } from './draft.ts';
import { addFunction } from './function.ts';
import { Resolver } from './intrinsics.ts';
import { addMapping } from './mapping.ts';
import { rejectUnknown } from './parameters.ts';
import { Properties } from './properties.ts';
import { namedIn } from './references.ts';
import { type RawResource, type RawTemplate, titleOf } from './template.ts';

/** Adds a template's resources to a draft. */
export function addResources(template: RawTemplate, draft: Draft, options: ImportOptions): void {
  const resolver = new Resolver(template, options);
  const isFunction = ({ type }: RawResource) => type === 'AWS::Lambda::Function';
  const functions = [...template.resources.values()].filter(isFunction).map(({ id }) => id);
  rejectUnknown('function', options.codes, functions, template);
  const created = createdBy(template, resolver, draft);
  addExisting(template, draft);
  for (const [type, add] of ADD)
    for (const resource of created.filter((one) => one.type === type)) {
      const properties = new Properties(resource, resolver, draft.notes);
      add(properties, draft, resolver);
      properties.noteUnread();
    }
  for (const [name, variable] of resolver.parameters.variables)
    draft.notes.push(`the parameter ${name} becomes \${${variable}}: the hook reads it from its own environment.`);
  for (const resource of created) if (!ADD.has(resource.type)) draft.leftOut.push(titleOf(resource));
}

type Add = (properties: Properties, draft: Draft, resolver: Resolver) => void;

/** Buckets come first, because functions and mappings can refer to them. */
const ADD = new Map<string, Add>([
  ['AWS::S3::Bucket', addBucket],
  ['AWS::Kinesis::Stream', addStream],
  ['AWS::Lambda::Function', addFunction],
  ['AWS::Lambda::EventSourceMapping', addMapping],
]);

/** A template's resources, except those that only its deployment needs and those whose condition is false. */
function createdBy(template: RawTemplate, resolver: Resolver, { leftOut }: Draft): RawResource[] {
  const deployment = forDeployment(template);
  return [...template.resources.values()].filter((resource) => {
    const { id, condition } = resource;
    resolver.within = resource;
    const holds = deployment.has(id) || condition === undefined || resolver.holds({ Condition: condition });
    const reason = holds ? deployment.get(id) : `its condition ${condition} is false`;
    if (reason) leftOut.push(`${titleOf(resource)}: ${reason}`);
    return !reason;
  });
}

/** Why a resource is only for deployment, by logical id: it stores zips, or serves custom resources. */
function forDeployment({ resources }: RawTemplate): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { type, properties } of resources.values()) {
    const code = fieldsOf(properties['Code'])['S3Bucket'];
    if (type === 'AWS::Lambda::Function')
      for (const id of namedIn(code)) reasons.set(id, "it stores the functions' zips");
    for (const id of namedIn(properties['ServiceToken'])) reasons.set(id, 'it serves custom resources');
  }
  return reasons;
}

/** Adds the existing resources that an export lists. */
function addExisting({ metadata }: RawTemplate, draft: Draft): void {
  const { Buckets, Streams, Functions } = fieldsOf(fieldsOf(metadata[METADATA])['Existing']);
  for (const [kind, names] of Object.entries({ buckets: Buckets, streams: Streams, functions: Functions }))
    for (const name of [names ?? []].flat()) draft[kind as 'buckets'][textOf(name)] = { existing: true };
}

const ACLS = ['private', 'public-read', 'public-read-write', 'authenticated-read'];

function addBucket(properties: Properties, { buckets, notes, origins }: Draft): void {
  const { id } = properties.resource;
  const name = properties.name();
  const access = properties.text('AccessControl');
  const acl = access?.replace(/\B[A-Z]/g, '-$&').toLowerCase();
  if (acl && !ACLS.includes(acl))
    notes.push(`AccessControl ${access} of ${id} is left out: definitions have no such setting.`);
  const [rule] = [fieldsOf(properties.any('OwnershipControls'))['Rules']].flat();
  origins.set(`buckets.${name}`, properties.resource);
  buckets[name] = {
    acl: ACLS.find((each) => each === acl),
    objectOwnership: fieldsOf(rule)['ObjectOwnership'],
    objectLockEnabled: properties.flag('ObjectLockEnabled'),
    tags: properties.tags(),
  };
}

function addStream(properties: Properties, { streams, origins }: Draft): void {
  const name = properties.name();
  origins.set(`streams.${name}`, properties.resource);
  streams[name] = {
    streamMode: fieldsOf(properties.any('StreamModeDetails'))['StreamMode'],
    shardCount: properties.number('ShardCount'),
    retentionPeriodHours: properties.number('RetentionPeriodHours'),
    tags: properties.tags(),
  };
}
