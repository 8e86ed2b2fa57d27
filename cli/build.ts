// Owns the package's code: bundles the CLI with the protocol inside it. Runs before `npm pack`.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';
import packageJson from './package.json' with { type: 'json' };

/** Node strips no types under node_modules, and the protocol is not on any registry; what the CLI depends on stays outside. */
await rm(new URL('./dist', import.meta.url), { recursive: true, force: true });
await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['bin.ts'],
  outfile: 'dist/bin.js',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: Object.keys(packageJson.dependencies),
  // Some of what is bundled is CommonJS and asks for Node's modules with `require`, which ES modules lack.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  legalComments: 'linked',
  logLevel: 'warning',
});
