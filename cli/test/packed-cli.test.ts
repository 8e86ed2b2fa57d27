import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import semver from 'semver';
import t from 'tap';
import { bundle } from '../build/bundle.ts';
import { fixtureTarball, serving } from './helpers/course-server.ts';
import { serveFaults } from './helpers/fault-server.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUST = join(ROOT, 'fixtures/courses/rust-mastery');

/** `{a:x,b:y}=await import('./c.cjs')`, as esbuild writes it for CommonJS. */
const TAKEN_LATER = /\{([\w$:,]+)\}=await Promise\.resolve\(\)\.then\(\(\)=>(?:\w+\()?require\("([^"]+)"\)/g;

// Outside the repository: below it, Node would find the repository's packages.
const elsewhere = await mkdtemp(join(tmpdir(), 'progy-packed-'));
t.teardown(() => rm(elsewhere, { recursive: true, force: true }));
const installed = join(elsewhere, 'node_modules', '@progy', 'cli');

const home = join(elsewhere, 'home');

/** Runs the installed command with this Node, or with another program and its options. */
async function progy(args: string[], program: readonly [string, ...string[]] = [process.execPath], cwd = home) {
  await mkdir(home, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: home };
  const [runtime, ...options] = program;
  return run(runtime, [...options, join(elsewhere, 'node_modules', '.bin', 'progy'), ...args], { cwd, env });
}

t.test('npm packs it with the launcher, the built code and what there is to read, and nothing else', async (t) => {
  await run('npm', ['pack', '--workspace', 'cli', '--pack-destination', elsewhere], { cwd: ROOT });
  const [tarball] = await readdir(elsewhere);
  await writeFile(join(elsewhere, 'package.json'), '{"private":true}');
  const quietly = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...quietly, join(elsewhere, tarball ?? '')], { cwd: elsewhere });
  t.same((await readdir(installed)).sort(), [
    'LICENSE',
    'README.md',
    'THIRD-PARTY-NOTICES.md',
    'dist',
    'package.json',
    'progy.js',
  ]);
});

t.test('it needs no other package', async (t) => {
  t.same(await readdir(join(elsewhere, 'node_modules', '@progy')), ['cli']);
  t.same(
    (await readdir(join(elsewhere, 'node_modules'))).filter((name) => !name.startsWith('.')),
    ['@progy'],
  );
  const { dependencies, optionalDependencies, peerDependencies } = await readJson('package.json');
  t.same([dependencies, optionalDependencies, peerDependencies], [undefined, undefined, undefined]);
  const names = await readdir(join(installed, 'dist'));
  const required = await Promise.all(names.map(requiredBy));
  t.ok(required.flat().includes('node:http'), 'what is required is seen');
  const outside = required.flat().filter((name) => !isBuiltin(name) && !names.includes(basename(name)));
  t.same([...new Set(outside)], []);
});

t.test('what is loaded later has the names that are taken from it', async (t) => {
  const load = createRequire(join(installed, 'dist', 'main.cjs'));
  let taken = 0;
  for (const file of await readdir(join(installed, 'dist'))) {
    const code = await readFile(join(installed, 'dist', file), 'utf8');
    for (const [, names = '', module = ''] of code.matchAll(TAKEN_LATER)) {
      for (const name of names.split(',').map((part) => part.split(':')[0] ?? '')) {
        // A module of Node is its own default.
        t.ok(name in load(module) || isBuiltin(module), `${name} of ${module} in ${file}`);
        taken++;
      }
    }
  }
  t.ok(taken > 20, `${taken} names are seen`);
});

t.test('the licence of every package that is bundled is told', async (t) => {
  const { packages } = await bundle();
  const manifests = packages.map(async (folder) => JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  const bundled = (await Promise.all(manifests)).map(({ name, version }) => `${name} ${version}`);
  t.ok(['pacote', 'zod', 'commander'].every((name) => bundled.some((other) => other.startsWith(`${name} `))));
  const notices = await readFile(join(installed, 'THIRD-PARTY-NOTICES.md'), 'utf8');
  const told = notices.split(/^## (?=.+\n\nLicence: )/m).slice(1);
  t.same(told.map((notice) => notice.split('\n')[0]).sort(), [...new Set(bundled)].sort());
  for (const notice of told) t.match(notice, /^Licence: [\w.-]+\n\n`{5}text\n[\s\S]{300,}\n`{5}/m, notice);
});

t.test('help and the version load nothing of the network, of courses or of schemas', async (t) => {
  const { version } = await readJson('package.json');
  for (const option of ['--version', '-V']) t.equal((await progy([option])).stdout, `${version}\n`);
  const started = await loadedBy('--help');
  const packing = await loadedBy('pack', RUST);
  t.ok(started.includes('main.cjs') && packing.includes('node:zlib'), 'what is loaded is seen');
  // What tap puts into each process that it starts is there without help too.
  const always = await loadedBy('--version');
  const more = started.filter((name) => !always.includes(name));
  t.same(
    more.filter((name) => /^node:(?:https?|tls|zlib|crypto|child_process)$/.test(name)),
    [],
  );
  for (const name of started.filter((other) => other.endsWith('.cjs'))) {
    const code = await readFile(join(installed, 'dist', name), 'utf8');
    // A word of cacache's own: its name is in our package.json, too.
    t.notOk(/cache-version|ZodError|streamx/.test(code), name);
  }
  t.same(
    always.filter((name) => name.endsWith('.cjs')),
    [],
  );
});

for (const { label, program } of await runtimes()) {
  t.test(`it packs, starts and does courses with ${label}`, async (t) => {
    t.match((await progy(['--help'], program)).stdout, 'Usage: progy');
    const packed = await progy(['pack', RUST, '--json'], program);
    t.match(JSON.parse(packed.stdout), { success: true, name: '@diego/rust-mastery' });
    const tarball = await fixtureTarball('rust-mastery');
    const server = await serveFaults(serving(tarball));
    t.teardown(server.close);
    const folder = label.replaceAll(' ', '-');
    const args = ['init', '@diego/rust-mastery', folder, '--registry', server.url, '--json'];
    const started = await progy(args, program);
    t.match(JSON.parse(started.stdout), { success: true, tree: tarball.tree, git: { branch: 'main' } });
    t.equal(started.stderr, `warning ${server.url} lists no keys, so nothing proves that it published this.\n`);
    const { stdout } = await progy(['next'], program, join(home, folder));
    t.match(stdout, /^Exercise 1 of 8, 0 done\n\nMoving a book\n/);
    const tested = progy(['test', '--yes', '--json'], program, join(home, folder));
    t.match(JSON.parse((await tested.catch((error) => error)).stdout), { passed: false, ended: 'exited' });
  });
}

t.test('what Node compiled is kept beside the downloads', async (t) => {
  t.not((await readdir(join(elsewhere, 'home', '.progy', 'cache', 'code'))).length, 0);
});

/** The Node that runs this, and each other Node that progy says it runs on, and each Bun, on the PATH. */
async function runtimes(): Promise<{ label: string; program: [string] }[]> {
  const { engines } = JSON.parse(await readFile(join(ROOT, 'cli', 'package.json'), 'utf8'));
  const folders = (process.env.PATH ?? '').split(delimiter);
  const programs = [process.execPath, ...folders.flatMap((folder) => [join(folder, 'node'), join(folder, 'bun')])];
  const found = new Map<string, string>();
  for (const program of programs) {
    const version = await run(program, ['--version']).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    const isBun = basename(program) === 'bun';
    if (version === undefined || !(isBun || semver.satisfies(version, engines.node))) continue;
    const label = `${isBun ? 'Bun' : 'Node'} ${version}`;
    if (!found.has(label)) found.set(label, program);
  }
  return Array.from(found, ([label, program]) => ({ label, program: [program] }));
}

async function readJson(name: string) {
  return JSON.parse(await readFile(join(installed, name), 'utf8'));
}

/** Modules that a built file requires. */
async function requiredBy(name: string): Promise<string[]> {
  const code = await readFile(join(installed, 'dist', name), 'utf8');
  t.notMatch(code, /\bimport\(|^import\b/m, `${name} imports nothing`);
  return Array.from(code.matchAll(/\brequire\("([^"]+)"\)/g), ([, required]) => required ?? '');
}

/** Built files, and Node's own modules, that Node loads for a command line. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const watch = join(elsewhere, 'watch.cjs');
  const code = `process.on('exit', () => console.error(JSON.stringify([Object.keys(require.cache), process.moduleLoadList])));`;
  await writeFile(watch, code);
  const { stderr } = await progy(args, [process.execPath, '--require', watch]);
  const [files, own]: [string[], string[]] = JSON.parse(stderr);
  const built = files.filter((path) => dirname(path) === join(installed, 'dist')).map((path) => basename(path));
  return [...built, ...own.map((name) => name.replace(/^NativeModule /, 'node:'))];
}
