// Owns making a few files of the CLI, the protocol and all that they use: one to start with, and one for each part that is loaded later.
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild';

const CLI = dirname(import.meta.dirname);

export interface Bundle {
  readonly files: readonly { readonly name: string; readonly code: string }[];
  /** Absolute paths of the folders of all packages that gave code to the files, sorted. */
  readonly packages: readonly string[];
}

/**
 * What pacote and cacache use for things that progy never asks of them: packages in folders and git repositories, unpacking,
 * attestations, emptying the cache, character sets, signing in to a proxy with Kerberos. Each is left out, and a module without anything stands in its place.
 */
const LEFT_OUT = [
  '@npmcli/git',
  '@npmcli/installed-package-contents',
  '@npmcli/promise-spawn',
  '@npmcli/run-script',
  'glob',
  'iconv-lite',
  'npm-packlist',
  'proxy-agent-negotiate',
  'sigstore',
  'spdx-expression-parse',
  'tar',
];

const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(?:${LEFT_OUT.join('|')})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
    // commander starts other programs for commands that are files of their own; none is. Loading this costs milliseconds.
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      importer.includes(`${sep}commander${sep}`) ? { path, namespace: 'left-out' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Of the package's own package.json only what is asked for at run time: progy loads it whenever it starts. */
const ownManifest: Plugin = {
  name: 'own-manifest',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
      if (path !== join(CLI, 'package.json')) return undefined;
      const { version, engines } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version, engines }), loader: 'json' };
    });
  },
};

const NODE = { platform: 'node', target: 'node22', minify: true, legalComments: 'none', logLevel: 'warning' } as const;

const OPTIONS = {
  ...NODE,
  absWorkingDir: CLI,
  entryPoints: { main: 'bin.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'esm',
  // What is imported when it is needed becomes a file of its own. esbuild does that for ES modules only.
  splitting: true,
  plugins: [leaveOut, ownManifest],
  metafile: true,
  write: false,
} as const satisfies BuildOptions;

/**
 * Bundles the CLI. The files are CommonJS, which Node starts several times faster than ES modules, and require each other.
 * @throws {Error} if they would need another package.
 */
export async function bundle(): Promise<Bundle> {
  const { outputFiles, metafile } = await build(OPTIONS);
  checkNothingMissing(metafile);
  const files = outputFiles.map(async ({ path, text }) => ({ name: basename(path), code: await toCommonJs(text) }));
  return { files: await Promise.all(files), packages: packagesIn(metafile) };
}

async function toCommonJs(code: string): Promise<string> {
  const transformed = await transform(code, { ...NODE, format: 'cjs', supported: { 'dynamic-import': false } });
  return transformed.code;
}

/** esbuild lets packages that are optional be missing, and the bundle would take them from wherever it lies. */
function checkNothingMissing({ outputs }: Metafile): void {
  const imports = Object.values(outputs).flatMap(({ imports }) => imports);
  const missing = imports.filter(({ path, external }) => external && !isBuiltin(path)).map(({ path }) => path);
  if (missing.length > 0) throw new Error(`The bundle would need ${missing.join(', ')}`);
}

/** Folders of the packages under node_modules that are the sources of the outputs, nested ones too. */
function packagesIn({ outputs }: Metafile): string[] {
  const sources = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const folders = sources.map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].map((folder) => join(CLI, folder)).sort();
}
