import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { fixtureTarball, serving } from './helpers/course-server.ts';
import { serveFaults } from './helpers/fault-server.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUST = join(ROOT, 'fixtures/courses/rust-mastery');

// Outside the repository: below it, Node would find the repository's packages.
const elsewhere = await mkdtemp(join(tmpdir(), 'progy-packed-'));
t.teardown(() => rm(elsewhere, { recursive: true, force: true }));
const installed = join(elsewhere, 'node_modules', '@progy', 'cli');

async function progy(...args: string[]) {
  const home = join(elsewhere, 'home');
  await mkdir(home, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: home };
  return run(join(elsewhere, 'node_modules', '.bin', 'progy'), args, { cwd: home, env });
}

t.test('npm packs it with the launcher, the built code and what there is to read, and nothing else', async (t) => {
  await run('npm', ['pack', '--workspace', 'cli', '--pack-destination', elsewhere], { cwd: ROOT });
  const [tarball] = await readdir(elsewhere);
  await writeFile(join(elsewhere, 'package.json'), '{"private":true}');
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...quietly, join(elsewhere, tarball ?? '')], { cwd: elsewhere });
  const files = (await readdir(installed)).filter((name) => name !== 'node_modules');
  t.same(files.sort(), ['LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.md', 'dist', 'package.json', 'progy.js']);
});

t.test('the protocol is inside, and it imports the dependencies that it declares', async (t) => {
  t.same(await readdir(join(elsewhere, 'node_modules', '@progy')), ['cli']);
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  t.same(await importedPackages(join(installed, 'dist', 'bin.js')), Object.keys(dependencies).sort());
});

t.test('the licence of every package that is bundled is told', async (t) => {
  const code = await readFile(join(installed, 'dist', 'bin.js'), 'utf8');
  // esbuild notes where each part comes from: `// ../node_modules/zod/v4/core/api.js`.
  const bundled = code.matchAll(/^\/\/ \S*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm);
  const notices = await readFile(join(installed, 'THIRD-PARTY-NOTICES.md'), 'utf8');
  const told = [...notices.matchAll(/^## (.+)$/gm)].map(([, name]) => name);
  t.same(told, [...new Set(Array.from(bundled, ([, name]) => name))].sort());
});

t.test('it packs and starts courses', async (t) => {
  t.match((await progy('--help')).stdout, 'Usage: progy');
  const packed = await progy('pack', RUST, '--json');
  t.match(JSON.parse(packed.stdout), { success: true, name: '@diego/rust-mastery' });
  const tarball = await fixtureTarball('rust-mastery');
  const server = await serveFaults(serving(tarball));
  t.teardown(server.close);
  const started = await progy('init', '@diego/rust-mastery', '--registry', server.url, '--json');
  t.match(JSON.parse(started.stdout), { success: true, tree: tarball.tree, git: { branch: 'main' } });
});

/** Names of packages that a bundle imports, Node's own aside. */
async function importedPackages(path: string): Promise<string[]> {
  const code = await readFile(path, 'utf8');
  const imports = code.matchAll(/^(?:import|export)\b[^'"\n]*?["']([^'"]+)["']|\bimport\(["']([^'"]+)["']\)/gm);
  const names = [...imports].map((match) => match[1] ?? match[2] ?? '');
  return [...new Set(names.filter((name) => !isBuiltin(name)))].sort();
}
