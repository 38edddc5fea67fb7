import type { Plugin } from 'esbuild';
import { readFile } from '../../runtime/file-system.ts';

/**
 * The SDK's generated schemas are arrays of objects with computed keys (`{ [_hH]: … }`, where `_hH` is a string constant in the
 * same file). esbuild must treat a computed key as a side effect, so it keeps the schemas of all operations. Inlining the
 * constants changes no value and lets esbuild drop unused operations: 88 of 432 KB. If the SDK changes the pattern, only the
 * bundle's size changes.
 */
export const leanSchemas: Plugin = {
  name: 'lean-schemas',
  setup(build) {
    const filter = /[\\/]client-[a-z0-9-]+[\\/]dist-[a-z]+[\\/]schemas[\\/]schemas_\d+\.js$/;
    build.onLoad({ filter }, async ({ path }) => ({
      contents: writeOutKeys(await readFile(path, 'utf8')),
      loader: 'js',
    }));
  },
};

/** Rewrites `{ [_a]: 1 }` to `{ "key": 1 }` if the text itself declares `const _a = "key";`. */
export function writeOutKeys(text: string): string {
  const constants = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)) constants.set(name, value);
  return text.replace(/([{,]\s*)\[(_\w+)\]:/g, (whole, before: string, name: string) => {
    const value = constants.get(name);
    return value && value !== '"__proto__"' ? `${before}${value}:` : whole;
  });
}

/** Each client imports all of its package.json just for the version: 7 KB in total. */
export const versionsOnly: Plugin = {
  name: 'versions-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[a-z0-9-]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/**
 * The default credential chain reads profiles, SSO sessions and metadata endpoints: it could reach a real account, and adds
 * 110 KB. The runtime always passes credentials.
 */
export const noCredentialChain: Plugin = {
  name: 'no-credential-chain',
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
      path: 'stub',
      namespace: 'no-credential-chain',
    }));
    build.onLoad({ filter: /.*/, namespace: 'no-credential-chain' }, () => ({
      contents: `export const defaultProvider = () => async () => {
        throw new Error('This bundle has no default credential chain: pass credentials to the client.');
      };`,
    }));
  },
};

/**
 * The Kinesis client's default handler loads Node's http2, which takes 5 ms. The runtime always passes an HTTP/1.1 handler, so
 * that handler replaces the default one.
 */
export const noHttp2: Plugin = {
  name: 'no-http2',
  setup(build) {
    build.onLoad({ filter: /[\\/]node-http-handler[\\/]dist-[a-z]+[\\/]node-http2-handler\.js$/ }, () => ({
      contents: `export { NodeHttpHandler as NodeHttp2Handler } from './node-http-handler';`,
      loader: 'js',
    }));
  },
};
