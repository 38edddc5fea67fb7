import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../../src/local/machine/command.ts';
import type { InstallOptions } from '../../../src/local/machine/installed.ts';
import { findPythons, minorOf } from '../../../src/local/python/find.ts';
import { installVenv } from '../../../src/local/python/venv.ts';
import { ExpectedError } from '../../../src/runtime/errors.ts';

const LOCK = fileURLToPath(new URL('./requirements.txt', import.meta.url));
const TEMPLATE = new URL('./template.yaml', import.meta.url);
const PYTHONS = ['3.11', '3.12', '3.13'];

/** Installs awslocal, the AWS CLI and boto3, in the versions that LocalStack 4.14.0 ships; returns the environment's folder. */
export async function installPeers(options: InstallOptions): Promise<string> {
  const fits = ({ version, hasVenv }: { version: string; hasVenv: boolean }) =>
    hasVenv && PYTHONS.includes(minorOf(version));
  const python = (await findPythons(fits, options.signal)).find(fits);
  if (!python)
    throw new ExpectedError(
      `The bench runs awslocal and boto3 on Python ${PYTHONS.join(', ')}, and found none of them. Install one.`,
    );
  return installVenv({ name: 'bench peers', cost: '10 s and 200 MB', lock: LOCK }, python, options);
}

/** The environment in which a LocalStack hook would find awslocal, aws and python. */
export function peerEnvironment(folder: string, endpoint: string): NodeJS.ProcessEnv {
  return {
    PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_PAGER: '',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(folder, 'no-such-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-such-credentials'),
  };
}

const CDK = fileURLToPath(new URL('./cdk', import.meta.url));
const SOURCE = fileURLToPath(new URL('./function/index.js', import.meta.url));

/** Installs cdklocal with the AWS CDK beside its app. */
export async function installCdk({ onProgress, signal }: InstallOptions): Promise<void> {
  onProgress?.('installing cdklocal and the AWS CDK (10 s and 250 MB)');
  await run('npm', ['ci', '--prefix', CDK, '--ignore-scripts', '--no-audit', '--no-fund'], { signal });
}

/** The environment that cdklocal needs in addition. */
export function cdkEnvironment(env: NodeJS.ProcessEnv, name: string): NodeJS.ProcessEnv {
  return {
    ...env,
    AWS_ENDPOINT_URL_S3: env['AWS_ENDPOINT_URL'],
    NAME: name,
    SOURCE,
    CI: 'true',
    HOME: process.env['HOME'],
  };
}

/** The template with the function's code inline. */
export async function cloudFormationTemplate(source: string): Promise<string> {
  const template = await readFile(TEMPLATE, 'utf8');
  return template.replace(/^( +)CODE$/m, (_, indent: string) => source.replace(/^/gm, indent));
}

/** The versions in their lock. */
export async function peerVersions(): Promise<Record<string, string>> {
  const lock = await readFile(LOCK, 'utf8');
  const versions = [...lock.matchAll(/^(awscli|awscli-local|boto3)==(\S+)/gm)];
  const cdk = JSON.parse(await readFile(join(CDK, 'package.json'), 'utf8')).dependencies;
  const { 'aws-cdk-local': cdklocal, 'aws-cdk-lib': lib } = cdk as Record<string, string>;
  return {
    ...Object.fromEntries(versions.map(([, name, version]) => [name, version])),
    'aws-cdk-local': cdklocal,
    'aws-cdk-lib': lib,
  };
}
