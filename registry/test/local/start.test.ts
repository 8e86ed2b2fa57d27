// `npm start`: what it prints, what it keeps, and that nothing is left when it ends.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { SEED_PASSWORD } from '../../local/seed.ts';
import { bearer, clientOf, packCourse, signIn } from '../harness.ts';
import { groupIsGone, membersOf, readyUrl, runProgram, signalGroup } from '../helpers/started-program.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const START = join(ROOT, 'registry/local/start.ts');
const ONLY_LINUX = process.platform === 'linux' ? false : 'processes are counted in /proc';

const npmStart = (t: Test, ...args: string[]) => runProgram(t, ROOT, ['npm', 'start', '--', ...args]);
const nodeStart = (t: Test, ...args: string[]) => runProgram(t, ROOT, [process.execPath, START, ...args]);

async function newState(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'progy-start-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A server on a free port of loopback. */
async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await listen();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

t.test('it keeps to its options, and Ctrl-C leaves no process behind', { skip: ONLY_LINUX }, async (t) => {
  const [state, port] = [await newState(t), await freePort()];
  const started = npmStart(t, '--port', `${port}`, '--state', state, '--no-seed', '--var', 'LEGACY_SIGNUP:off');
  const url = await readyUrl(started);
  t.equal(url, `http://localhost:${port}`);
  t.same((await readdir(state)).sort(), ['better-auth-secret', 'signing-keys.json', 'v3']);
  const registry = clientOf(url);
  t.equal((await registry.json('/@diego%2frust-mastery')).status, 404, '--no-seed');
  t.match(await signIn(registry.json, 'diego'), { status: 401 }, '--var');

  t.ok((await membersOf(Number(started.child.pid))).includes('workerd'));
  signalGroup(started.child, 'SIGINT');
  await started.ended;
  await groupIsGone(started);
  await t.rejects(fetch(url), 'nobody listens any more');
});

t.test('an empty registry is seeded, and the three commands to try next are printed', async (t) => {
  const started = nodeStart(t, '--port', '0', '--state', await newState(t));
  const url = await readyUrl(started);
  const registry = clientOf(url);
  for (const name of ['@diego/rust-mastery', '@diego/javascript-quest', '@marta/sql-detective']) {
    t.equal((await registry.json(`/${name}`)).status, 200, name);
  }
  t.equal((await signIn(registry.json, 'marta', SEED_PASSWORD)).status, 201);
  signalGroup(started.child, 'SIGINT');
  await started.ended;
  const commands = started.output().match(/^ {2}(?:npx|npm) .*$/gm) ?? [];
  t.equal(commands.length, 3);
  for (const command of commands) t.match(command, /npm view|@progy\/cli/);
  for (const command of commands) t.match(command, url);
});

t.test('a second start keeps what there is, and adds no seeds', { skip: ONLY_LINUX }, async (t) => {
  const state = await newState(t);
  const first = nodeStart(t, '--port', '0', '--state', state, '--no-seed');
  const before = clientOf(await readyUrl(first));
  const token = await before.signUp('ana');
  const published = await before.publish(token, await packCourse('@ana/go'));
  t.equal(published.status, 201);
  first.child.kill('SIGINT');
  await first.ended;
  // Told alone, it ends its Worker by itself.
  await groupIsGone(first);

  const after = clientOf(await readyUrl(nodeStart(t, '--port', '0', '--state', state)));
  t.match(await after.json('/-/whoami', { headers: bearer(token) }), { status: 200, body: { username: 'ana' } });
  const download = await after.fetch('/registry/download/ana/go/1.0.0');
  t.equal(download.headers.get('x-checksum-sha256'), published.body.checksum);
  t.equal((await download.arrayBuffer()).byteLength, published.body.sizeBytes);
  t.equal((await after.json('/@diego%2frust-mastery')).status, 404);
});

t.test('a state without tables gets them, as one does that lacks the newest', async (t) => {
  const state = await newState(t);
  await mkdir(join(state, 'v3'));
  const registry = clientOf(await readyUrl(nodeStart(t, '--port', '0', '--state', state, '--no-seed')));
  t.match(await signIn(registry.json, 'ana'), { status: 201 });
});

t.test('a port in use is explained, with the command that helps', async (t) => {
  const { server, port } = await listen();
  t.teardown(() => server.close());
  const state = await newState(t);
  const started = nodeStart(t, '--port', `${port}`, '--state', join(state, 'new'));
  t.equal(await started.ended, 1);
  t.equal(started.output(), `Port ${port} is in use. Choose another: npm start -- --port 0\n`);
  t.same(await readdir(state), [], 'nothing was written');
});

t.test('a command line that makes no sense is answered with the usage', async (t) => {
  for (const args of [['--nothing'], ['--port', 'x'], ['--var', 'NAME'], ['extra']]) {
    const started = nodeStart(t, ...args);
    t.equal(await started.ended, 2, args.join(' '));
    t.match(started.output(), /npm start -- \[options\].*--port.*--state.*--no-seed.*--var/s);
    t.match(started.output().split('\n', 1)[0], args.at(-1), 'the first line says what was wrong');
  }
});

t.test('LEGACY_SIGNUP:off in an empty folder ends with a sentence about --no-seed, not with a stack', async (t) => {
  const { output, ended } = nodeStart(t, '--port', '0', '--state', await newState(t), '--var', 'LEGACY_SIGNUP:off');
  t.equal(await ended, 1);
  t.match(output(), 'Add --no-seed, or start once without --var LEGACY_SIGNUP:off');
  t.notMatch(output(), /^ +at /m);
});
