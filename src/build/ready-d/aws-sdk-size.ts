import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * The SDK's generated schemas are arrays whose objects have computed keys (`{ [_hH]: … }`, where `_hH` is a constant string of the
 * same file). esbuild must take a computed key for a side effect, so it keeps the schemas of all operations. Writing the constants
 * out changes no value and lets it drop the operations nobody calls: 88 of 432 KB. Where the pattern is no longer
 * found nothing is changed, and only the size shows it.
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

/** `{ [_a]: 1 }` as `{ "key": 1 }` wherever the text itself holds `const _a = "key";`. */
export function writeOutKeys(text: string): string {
  const constants = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)) constants.set(name, value);
  return text.replace(/([{,]\s*)\[(_\w+)\]:/g, (whole, before: string, name: string) => {
    const value = constants.get(name);
    return value && value !== '"__proto__"' ? `${before}${value}:` : whole;
  });
}

/** Each client takes its version from its package.json, and with it the whole: scripts, dependencies, 7 KB of all. */
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
 * The default credential chain reads profiles, SSO sessions and metadata endpoints: it could reach a real account, and it is
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
 * The Kinesis client takes an HTTP/2 handler where none is given, and with it Node's http2, which takes 5 ms to load. The runtime always
 * gives an HTTP/1.1 handler; that one stands in its place.
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
