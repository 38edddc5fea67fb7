import { stringify } from 'yaml';
import type { Template } from './template.ts';

export type Format = 'yaml' | 'json';

/** A template as the text of its file. */
export function templateText(template: Template, format: Format): string {
  if (format === 'json') return `${JSON.stringify(template, undefined, 2)}\n`;
  // CloudFormation reads YAML 1.1, in which yes, 012 and 2012-10-17 are no texts, and takes no aliases.
  return stringify(JSON.parse(JSON.stringify(template)), {
    version: '1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}
