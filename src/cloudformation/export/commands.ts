import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import { BUCKET_SUFFIX } from './ids.ts';
import { ACCOUNT_SUFFIX } from './parameters.ts';
import type { Template } from './template.ts';

/** The shell commands (POSIX) that deploy a template; `file` is its path from the current folder. */
export function deployCommands(name: string, { region }: Pipeline, template: Template, file: string): string[] {
  const packaged = file.replace(/\.\w+$/, '.packaged$&');
  const roles = Object.values(template.Resources).some(({ Type }) => Type === 'AWS::IAM::Role');
  const overrides = overridesOf(template, region);
  return [
    `aws cloudformation package --region ${region} --template-file ${quoted(file)} --s3-bucket "$CODE_BUCKET" --output-template-file ${quoted(packaged)}${file.endsWith('.json') ? ' --use-json' : ''}`,
    [
      `aws cloudformation deploy --region ${region} --template-file ${quoted(packaged)} --s3-bucket "$CODE_BUCKET" --stack-name ${stackName(name)}`,
      ...(roles ? ['--capabilities CAPABILITY_IAM'] : []),
      ...(overrides.length > 0 ? [`--parameter-overrides ${overrides.join(' ')}`] : []),
    ].join(' '),
  ];
}

/** Parameters without a default get the value of the environment variable that they represent. */
function overridesOf({ Parameters = {}, Metadata }: Template, region: string): string[] {
  const { ParameterLabels = {} } = (Metadata['AWS::CloudFormation::Interface'] ?? {}) as {
    ParameterLabels?: Record<string, { default: string }>;
  };
  return Object.entries(Parameters).flatMap(([id, { Default, MaxLength = 0 }]) => {
    if (id === BUCKET_SUFFIX && MaxLength >= ACCOUNT_SUFFIX)
      return `${id}="-$(aws sts get-caller-identity --region ${region} --query Account --output text)"`;
    return Default === undefined ? `${id}="$${ParameterLabels[id]?.default}"` : [];
  });
}

/** A letter, then letters, digits and hyphens, at most 128. */
function stackName(name: string): string {
  const fit = name.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^[^A-Za-z]+/, '');
  return (fit || 'pipeline').slice(0, 128);
}

const quoted = (path: string) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
