import { stringify } from 'yaml';
import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import type { Context } from './context.ts';
import { functionResources, HAS_ALARM_TOPIC } from './function.ts';
import { ALARM_TOPIC, logicalIds } from './ids.ts';
import { type Resources, ref, type Value } from './intrinsics.ts';
import { mappingResource } from './mapping.ts';
import { namesOf, type Parameter, parameterLabels, parametersOf } from './parameters.ts';
import { bucketResource, streamResource } from './storage.ts';
import { textsOf } from './texts.ts';

/** A CloudFormation template, with its keys in the order they are written. */
export interface Template {
  AWSTemplateFormatVersion: '2010-09-09';
  Description: string;
  Metadata: Record<string, Value>;
  Parameters?: Record<string, Parameter>;
  Conditions?: Record<string, Value>;
  Resources: Resources;
}

/** The metadata key for settings of a definition that CloudFormation cannot express. */
export const METADATA = 'ReadyHooks';

/** Turns a settled pipeline into a template. `codes`: the path of each function's zip, relative to the template. */
export function templateOf(name: string, pipeline: Pipeline, codes: ReadonlyMap<string, string>): Template {
  const ids = logicalIds(pipeline);
  const texts = textsOf(ids);
  const Resources = resourcesOf({ pipeline, ids, texts }, codes);
  const variables = [...texts.variables.values()];
  const Parameters = parametersOf(pipeline, variables, ids);
  const template: Template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The pipeline ${name}, exported by ready-hooks`,
    Metadata: {
      // Resources that must exist before the stack is created.
      [METADATA]: {
        Existing: {
          Buckets: namesOf(pipeline.buckets, true),
          Streams: namesOf(pipeline.streams, true),
          Functions: namesOf(pipeline.functions, true),
        },
      },
      // The zips are beside the template until `aws cloudformation package` uploads them.
      'cfn-lint': { config: { ignore_checks: ['W3002'] } },
      ...(variables.length > 0 && { 'AWS::CloudFormation::Interface': parameterLabels(variables) }),
    },
    ...(Object.keys(Parameters).length > 0 && { Parameters }),
    ...(Parameters[ALARM_TOPIC] && {
      Conditions: { [HAS_ALARM_TOPIC]: { 'Fn::Not': [{ 'Fn::Equals': [ref(ALARM_TOPIC), ''] }] } },
    }),
    Resources,
  };
  checkSize(name, template);
  return template;
}

function resourcesOf(context: Context, codes: ReadonlyMap<string, string>): Resources {
  const { pipeline, ids, texts } = context;
  const resources: Resources = {};
  for (const [name, declared] of Object.entries(pipeline.buckets))
    if (!declared.existing) resources[ids.bucket(name)] = bucketResource(name, declared, texts.value);
  for (const [name, declared] of Object.entries(pipeline.streams))
    if (!declared.existing) resources[ids.stream(name)] = streamResource(name, declared, texts.value);
  for (const [name, declared] of Object.entries(pipeline.functions))
    if (!declared.existing) Object.assign(resources, functionResources(name, declared, codes.get(name) ?? '', context));
  for (const [index, mapping] of pipeline.eventSourceMappings.entries())
    resources[ids.mapping(index)] = mappingResource(mapping, context);
  return resources;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
function checkSize(name: string, { Resources, Parameters = {} }: Template): void {
  const invalid = (why: string) => new InvalidInputError(`The pipeline ${name} ${why}.`);
  if (Object.keys(Resources).length === 0)
    throw invalid('creates no resource, but a template needs at least one: declare one');
  for (const [part, items, most] of [
    ['resources', Resources, 500],
    ['parameters', Parameters, 200],
  ] as const) {
    const count = Object.keys(items).length;
    if (count > most)
      throw invalid(
        `needs ${count} ${part}, but a template can have at most ${most}: split it into several definitions`,
      );
  }
}

export type Format = 'yaml' | 'json';

/** A template as the text of its file. */
export function templateText(template: Template, format: Format): string {
  if (format === 'json') return `${JSON.stringify(template, undefined, 2)}\n`;
  // CloudFormation reads YAML 1.1, where unquoted yes, 012 and 2012-10-17 are not strings, and does not support aliases.
  return stringify(JSON.parse(JSON.stringify(template)), {
    version: '1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}
