import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { fixtureTarball, serving } from './helpers/course-server.ts';
import { serveFaults } from './helpers/fault-server.ts';

const PROGY = fileURLToPath(new URL('../progy.js', import.meta.url));
const RUST = fileURLToPath(new URL('../../fixtures/courses/rust-mastery', import.meta.url));

function progy(
  args: string[],
  cwd: string,
): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  const env = { PATH: process.env.PATH, HOME: cwd };
  return spawn(process.execPath, [PROGY, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

t.test('it runs from its sources', async (t) => {
  const child = progy(['--version'], t.testdir({}));
  t.match(await text(child.stdout), /^\d+\.\d+\.\d+\n$/);
});

t.test('an old Node is told how to get a new one, and its code is 1', async (t) => {
  // Stands for an old Node: only what it says of its version is old.
  const old = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "18.20.0" })';
  const env = { PATH: process.env.PATH, NVM_DIR: '/home/ana/.nvm', HOME: t.testdir({}) };
  const child = spawn(process.execPath, ['--import', old, PROGY, 'whoami'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  t.equal(said, 'error progy needs Node 22.22 or newer, and this is 18.20.0.\nNext: nvm install --lts\n');
  t.equal(code, 1);
});

t.test('the exit code is that of the command', async (t) => {
  const child = progy(['pack'], t.testdir({}));
  const [code] = await once(child, 'exit');
  t.equal(code, 1);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  t.test(`${signal} in the middle of init ends with 130 and leaves nothing behind`, async (t) => {
    const cwd = t.testdir({});
    // The tarball never comes: the command waits in its temporary folder.
    let asked = () => {};
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const server = await serveFaults(serving(await fixtureTarball('rust-mastery'), { tarballs: [() => asked()] }));
    t.teardown(server.close);
    const child = progy(['init', '@diego/rust-mastery', '--registry', server.url], cwd);
    const said = text(child.stderr);
    await waiting;
    t.ok((await readdir(cwd)).some((name) => name.startsWith('.progy-tmp-')));
    child.kill(signal);
    const [code] = await once(child, 'exit');
    t.equal(code, 130);
    t.same(
      (await readdir(cwd)).filter((name) => name !== '.progy'),
      [],
    );
    t.match(await said, 'Nothing was left behind');
  });
}

t.test('whoever stops reading ends it quietly', async (t) => {
  const child = progy(['pack', RUST, '--list'], t.testdir({}));
  child.stdout.once('data', () => (child.stdout as unknown as { destroy(): void }).destroy());
  t.equal(await text(child.stderr), '');
});
