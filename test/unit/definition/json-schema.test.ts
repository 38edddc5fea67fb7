import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pipelineJsonSchema } from '../../../scripts/json-schema.ts';

type Node = { properties: Record<string, { description?: string }> };

const published = JSON.parse(readFileSync(new URL('../../../schema/pipeline.schema.json', import.meta.url), 'utf8'));

it('is published as it is; otherwise run: npx tsx scripts/json-schema.ts && npm run fix', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(pipelineJsonSchema())));
});

it('describes every setting', () => {
  const nodes = Object.entries<Node>({ pipeline: published, ...published.$defs });
  const undescribed = nodes.flatMap(([name, { properties = {} }]) =>
    Object.keys(properties)
      .filter((key) => key !== '$schema' && !properties[key]?.description)
      .map((key) => `${name}.${key}`),
  );
  expect(undescribed).toEqual([]);
});
