import type { DeclaredFunction } from '../../runtime/definition/pipeline.ts';
import { literal } from '../literal.ts';
import { bucketName, type Context } from './context.ts';
import { getAtt, type Resource, type Resources, tagList, type Value } from './intrinsics.ts';
import { roleResource } from './role.ts';

const LOG_RETENTION_DAYS = 30;

/** A function with its role and its log group. `code` is its zip's path from the template. */
export function functionResources(name: string, declared: DeclaredFunction, code: string, context: Context): Resources {
  const { ids, texts } = context;
  const id = ids.function(name);
  const [roleId, logsId] = [`${id}Role`, `${id}Logs`];
  return {
    [logsId]: {
      Type: 'AWS::Logs::LogGroup',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: { LogGroupName: `/aws/lambda/${name}`, RetentionInDays: LOG_RETENTION_DAYS },
    },
    ...(declared.role === undefined && { [roleId]: roleResource(name, declared, logsId, context) }),
    [id]: functionResource(name, declared, code, context, {
      DependsOn: [logsId],
      Role: declared.role === undefined ? getAtt(roleId, 'Arn') : texts.value(declared.role),
    }),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
function functionResource(
  name: string,
  declared: DeclaredFunction,
  Code: string,
  context: Context,
  { DependsOn, Role }: { DependsOn: string[]; Role: Value },
): Resource {
  const { value, secret } = context.texts;
  const { architecture, layers } = declared;
  const Description = literal(declared.description);
  const Variables = Object.fromEntries([
    ...Object.entries(declared.environment).map(([variable, text]) => [variable, secret(text)] as const),
    ...Object.entries(declared.buckets).map(([variable, bucket]) => [variable, bucketName(bucket, context)] as const),
  ]);
  return {
    Type: 'AWS::Lambda::Function',
    // Else Lambda makes the log group at the first call, and keeps what is in it for ever.
    DependsOn,
    Properties: {
      FunctionName: name,
      Code,
      Runtime: declared.runtime,
      Handler: literal(declared.handler),
      MemorySize: declared.memorySize,
      Timeout: declared.timeoutSeconds,
      Role,
      ...(Object.keys(Variables).length > 0 && { Environment: { Variables } }),
      ...(architecture && { Architectures: [architecture] }),
      ...(layers.length > 0 && { Layers: layers.map(value) }),
      ...(Description && { Description }),
      ...tagList(declared.tags, value),
    },
  };
}
