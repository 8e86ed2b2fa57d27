// Owns edge-apps' npm registry as a target: another Worker, on R2 and KV, built from a folder with its source.
import { join } from 'node:path';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { build, type Plugin } from 'esbuild';
import { type Registry, targetWithToken } from './registry.ts';
import type { Target } from './target.ts';
import { startWorker } from './worker.ts';

const TOKEN = 'of-the-benchmark';
const ACCOUNTS = JSON.stringify([{ username: 'diego', token: TOKEN, admin: true }]);

/**
 * Starts it. It serves nothing without a token, so every read has one, and it has its own addresses for tarballs.
 * @param folder the repository's root.
 */
export async function startEdgeApps(folder: string): Promise<Target> {
  const { url, stop } = await startWorker(await bundle(folder), {
    r2Buckets: ['NPM_BUCKET'],
    kvNamespaces: ['AUTH_KV'],
    bindings: { NPM_ACCOUNTS_JSON: ACCOUNTS, NPM_ALLOW_REPUBLISH: 'false' },
  });
  const registry: Registry = { name: 'edge-apps', url, version: '', progyDoor: false, tarballPath, stop };
  const target = targetWithToken(registry, TOKEN);
  return { ...target, read: (scenario) => target.read({ ...scenario, signedIn: true }) };
}

function tarballPath({ scope, slug }: PackageName, version: string): string {
  return `/-/tarballs/${encodeURIComponent(`@${scope}/${slug}`)}/${version}.tgz`;
}

/** Only its Worker, without its administration pages, which have their own build. */
async function bundle(folder: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'apps/npm-registry/src/cf/index.js')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'esnext',
    define: { __ADMIN_SPA_HTML__: '""' },
    // For semver, which is not installed next to the bare source.
    nodePaths: [join(import.meta.dirname, '../../../node_modules')],
    plugins: [coreOf(folder)],
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** Its repository's workspace, which nothing has linked. */
function coreOf(folder: string): Plugin {
  return {
    name: 'core',
    setup: (hooks) =>
      hooks.onResolve({ filter: /^@edgeapps\/core\// }, ({ path }) => ({
        path: join(folder, 'packages/core/src', `${path.slice('@edgeapps/core/'.length)}.js`),
      })),
  };
}
