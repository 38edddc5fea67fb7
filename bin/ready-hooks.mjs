#!/usr/bin/env node
import './check-node.mjs';
import { existsSync } from 'node:fs';

// A clone runs its source and needs no build; the package has only dist.
const source = new URL('../src/cli/main.ts', import.meta.url);
if (existsSync(source)) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
} else await import('../dist/cli/main.js');
