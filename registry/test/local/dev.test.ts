// `npm run dev`: it follows the sources, and keeps what people rely on while they change.
import { cp, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { openState } from '../../local/build/migrated-state.ts';
import { workerBundle } from '../../local/build/worker-bundle.ts';
import { temporaryFolder } from '../clients/helpers/folders.ts';
import { clientOf, signIn } from '../harness.ts';
import { groupIsGone, printed, type Run, readyUrl, runProgram, signalGroup } from '../helpers/started-program.ts';

/** What was built from the same sources. */
const BUILT = 'node_modules/.cache/progy-registry';
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COPIED = ['registry', 'protocol', 'cli', 'migrations', 'package.json', 'package-lock.json'];
const SETTINGS = ['tsconfig.json', 'wrangler.toml'];
const ONLY_LINUX = process.platform === 'linux' ? false : 'processes are counted in /proc';

/** A copy of the repository, whose sources a test may spoil. What npm installed is the same. */
async function copyOfRepository(t: Test): Promise<string> {
  const copy = await temporaryFolder(t);
  const filter = (path: string) => !/^(registry|protocol|cli).(test|dist)$/.test(relative(ROOT, path));
  for (const name of [...COPIED, ...SETTINGS])
    await cp(join(ROOT, name), join(copy, name), { recursive: true, filter });
  const installed = join(ROOT, 'node_modules');
  await mkdir(join(copy, 'node_modules/@progy'), { recursive: true });
  for (const name of await readdir(installed)) {
    if (name !== '@progy' && name !== '.cache') await symlink(join(installed, name), join(copy, 'node_modules', name));
  }
  for (const name of ['protocol', 'registry', 'cli']) {
    await symlink(join(copy, name), join(copy, 'node_modules/@progy', name));
  }
  const isWhole = (path: string) => !/\.(building|lock)$/.test(path);
  await cp(join(ROOT, BUILT), join(copy, BUILT), { recursive: true, filter: isWhole });
  return copy;
}

/** Resolves once it has printed the line so many times. */
async function printedTimes(run: Run, line: string, times: number): Promise<void> {
  await printed(run, new RegExp(`((?:^${line}$[\\s\\S]*?){${times}})`, 'm'));
}

t.test('npm run dev', { skip: ONLY_LINUX }, async (t) => {
  await Promise.all([workerBundle(), openState(join(await temporaryFolder(t), 'state'))]);
  const copy = await copyOfRepository(t);
  const state = join(copy, 'state');
  const command = ['registry/local/dev.ts', '--port', '0', '--state', state, '--no-seed'];
  const dev = runProgram(t, copy, [process.execPath, ...command]);
  const url = await readyUrl(dev);
  const registry = clientOf(url);
  const worker = join(copy, 'registry/worker.ts');
  const original = await readFile(worker, 'utf8');
  await registry.signUp('ana');

  await t.test('a change is served at the same URL', async (t) => {
    await writeFile(worker, "export default { fetch: () => new Response('changed') };\n");
    await printedTimes(dev, `Progy registry ready at ${url}`, 2);
    t.equal(await (await registry.fetch('/')).text(), 'changed');
  });

  await t.test('a mistake is told, and what ran goes on', async (t) => {
    await writeFile(worker, 'export default {\n');
    await printed(dev, /(worker\.ts)[\s\S]*^The registry goes on as it was\.$/m);
    t.equal(await (await registry.fetch('/')).text(), 'changed');
  });

  await t.test('a file that an editor replaced is a change too, and accounts are kept', async (t) => {
    await writeFile(`${worker}.new`, original);
    await rename(`${worker}.new`, worker);
    await printedTimes(dev, `Progy registry ready at ${url}`, 3);
    t.match(await signIn(registry.json, 'ana'), { status: 201, body: { ok: true } });
    t.match(await signIn(registry.json, 'ana', 'a password that is wrong'), { status: 401 });
  });

  await t.test('Ctrl-C leaves no process behind', async (t) => {
    signalGroup(dev.child, 'SIGINT');
    t.equal(await dev.ended, 0);
    await groupIsGone(dev);
    await t.rejects(fetch(url), 'nobody listens any more');
  });
});
