// The cache from outside: what is kept, what is used without a network, and the commands that look after it.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import t, { type Test } from 'tap';
import { contentFiles } from '../../cache/content.ts';
import { main } from '../../main.ts';
import { fixtureTarball, flipped, serving } from '../helpers/course-server.ts';
import { serveFaults } from '../helpers/fault-server.ts';

const tarball = await fixtureTarball('rust-mastery');
const SPEC = '@diego/rust-mastery';

class Captured extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

/** A student at a registry with one course. */
async function student(t: Test, env: Record<string, string> = {}) {
  const server = await serveFaults(serving(tarball));
  t.teardown(server.close);
  const folder = t.testdir({ home: {}, work: {} });
  const cache = join(folder, 'home', '.progy', 'cache', 'registry');
  const progy = async (...argv: string[]) => {
    const [stdout, stderr] = [new Captured(), new Captured()];
    const surroundings = { cwd: join(folder, 'work'), stdin: Readable.from([]), stdout, stderr };
    const where = { PATH: process.env.PATH, HOME: join(folder, 'home'), PROGY_REGISTRY: server.url, ...env };
    const signal = new AbortController().signal;
    const code = await main(argv, { ...surroundings, env: where, signal });
    return { code, stdout: stdout.text, stderr: stderr.text };
  };
  const json = async (...argv: string[]) => JSON.parse((await progy(...argv, '--json')).stdout);
  return { server, cache, progy, json };
}

t.test('a course that was started before starts without a network, and one that was not is explained', async (t) => {
  const { server, json } = await student(t);
  t.match(await json('init', SPEC, 'first', '--offline'), {
    success: false,
    code: 'OFFLINE',
    next: /without --offline/,
  });
  t.equal(server.requests.length, 0);
  await json('init', SPEC, 'first', '--no-git');
  await server.close();
  t.match(await json('init', SPEC, 'again', '--no-git', '--offline'), { success: true, tree: tarball.tree });
  t.match(await json('init', '@diego/other', '--offline'), { success: false, code: 'OFFLINE' });
  t.match(await json('info', '@diego/other', '--offline'), { success: false, code: 'OFFLINE' });
  t.match(await json('search', 'rust', '--offline'), { success: false, code: 'OFFLINE' });
});

t.test('with --prefer-offline, only what is not here is asked for', async (t) => {
  const { server, json } = await student(t);
  t.match(await json('init', SPEC, 'first', '--no-git', '--prefer-offline'), { success: true });
  const asked = server.requests.filter(({ url }) => !url.endsWith('/keys')).length;
  t.ok(asked > 0);
  t.match(await json('init', SPEC, 'again', '--no-git', '--prefer-offline'), { success: true });
  t.equal(server.requests.filter(({ url }) => !url.endsWith('/keys')).length, asked);
});

t.test('the list shows the courses, their registry and the room they take', async (t) => {
  const { server, cache, progy, json } = await student(t);
  t.match(await json('cache', 'ls'), { courses: [], answers: 0, size: 0, limit: 1e9, folder: cache });
  await json('init', SPEC, '--no-git');
  t.match(await json('cache', 'ls'), {
    courses: [
      { name: SPEC, version: '1.0.0', registry: server.url, size: tarball.bytes.length, integrity: tarball.integrity },
    ],
    answers: 1,
  });
  const { stdout } = await progy('cache', 'ls');
  t.match(stdout, /^@diego\/rust-mastery 1\.0\.0\n {2}[\d.]+ kB · used just now · http:/);
  t.match(stdout, /\n1 course and 1 answer,\n[\d.]+ kB of 1\.0 GB\n {2}in /);
});

t.test('a damaged course is found, removed, and downloaded again', async (t) => {
  const { cache, progy, json } = await student(t);
  await json('init', SPEC, 'first', '--no-git');
  const file = (await contentFiles(cache)).find(({ integrity }) => integrity === tarball.integrity);
  await writeFile(file?.path ?? '', flipped(await readFile(file?.path ?? '')));
  t.match(await progy('cache', 'verify'), { code: 0, stdout: /^1 file in order\n {2}damaged, and removed: http:/ });
  t.match((await json('cache', 'ls')).courses, []);
  t.match(await json('init', SPEC, 'second', '--no-git'), { success: true, tree: tarball.tree });
  t.match(await json('cache', 'verify'), { sound: 2, damaged: [] });
});

t.test('it becomes no larger than allowed, and can be emptied', async (t) => {
  const small = await student(t, { PROGY_CACHE_SIZE: '1kB' });
  t.match(await small.json('init', SPEC, '.', '--no-git'), { success: true });
  t.ok((await small.json('cache', 'ls')).size <= 1000);
  t.match(await small.json('diff'), { success: true, files: [] });
  t.ok((await small.json('cache', 'ls')).size <= 1000, 'whichever command has downloaded');
  const { progy, json } = await student(t);
  await json('init', SPEC, '--no-git');
  t.match(await json('cache', 'prune'), { removed: 0 });
  t.ok((await json('cache', 'prune', '--to', '1kB')).size <= 1000);
  await json('init', SPEC, 'again', '--no-git');
  t.match(await progy('cache', 'clean'), {
    code: 0,
    stdout: /^2 files removed, [\d.]+ kB freed\. The cache holds 0 B\.\n/,
  });
  t.match(await json('cache', 'ls'), { courses: [], answers: 0, size: 0 });
  t.match(await progy('cache', 'prune', '--to', 'much'), { code: 2, stderr: /not a size/ });
});

t.test('nobody else on the machine can read it', async (t) => {
  const { cache, json } = await student(t);
  await json('init', SPEC, '--no-git');
  t.equal((await stat(cache)).mode & 0o077, 0);
  t.ok((await readdir(cache)).length > 0);
});
