// `progy init` and lockfiles: which version, and which bytes.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { run } from '../../commands/init.ts';
import { readProgyLock } from '../../student/lock.ts';
import type { InitOptions } from '../../usage/init.ts';
import { lockedIntegrity } from '../helpers/class-folders.ts';
import { testContext } from '../helpers/context.ts';
import { integrityOf, servingVersions, smallTarball } from '../helpers/course-server.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';
import { lockfileOf } from '../helpers/lockfiles.ts';

const NAME = '@diego/rust';
const pinned = await smallTarball(NAME, '1.0.0');
const latest = await smallTarball(NAME, '1.1.0');
const KINDS = ['npm', 'npm1', 'pnpm', 'yarn1', 'yarn', 'bun'];

/** A student in a class folder, whose registry has two versions of the course. */
async function student(t: Test) {
  const server = await serveFaults(servingVersions(pinned, latest));
  t.teardown(server.close);
  const context = await testContext(t.testdir({}));
  const init = (options: Partial<InitOptions> = {}) =>
    run({ spec: NAME, git: false, registry: server.url, ...options }, context);
  const lock = async (kind: string, integrity: string, version = '1.0.0') => {
    const { fileName, text } = lockfileOf(kind, NAME, version, integrity);
    await writeFile(join(context.cwd, fileName), text);
    return fileName;
  };
  return { context, init, lock, url: server.url };
}

for (const kind of KINDS) {
  t.test(`${kind}: the version that the lockfile above pins is started, not the latest`, async (t) => {
    const { init, lock, context } = await student(t);
    const fileName = await lock(kind, await lockedIntegrity(kind, pinned));
    t.match(await init(), { version: '1.0.0', integrity: pinned.integrity });
    t.same(context.talk.notes, [`${fileName} pins ${NAME} 1.0.0, so that is what you get, byte for byte.`]);
    await mkdir(join(context.cwd, 'students'));
    t.match(await init({ dir: 'students/ana/rust' }), { version: '1.0.0' }, 'from deeper down too');
    t.match(await readProgyLock(join(context.cwd, 'students/ana/rust')), { version: '1.0.0' });
  });

  t.test(
    `${kind}: a registry that serves other bytes than the lockfile pins is refused, and nothing is left`,
    async (t) => {
      const { init, lock, context, url } = await student(t);
      const other = kind === 'yarn' ? 'a'.repeat(128) : integrityOf(Buffer.from('other bytes'));
      const fileName = await lock(kind, other);
      await t.rejects(init(), {
        code: 'LOCKFILE_MISMATCH',
        message: `${url} serves other bytes of ${NAME} 1.0.0 than ${fileName} pins`,
        next: /^Nothing was written\./,
      });
      t.same(await readdir(context.cwd), [fileName]);
    },
  );
}

t.test('another exact version wins, and the student is told', async (t) => {
  const { init, lock, context } = await student(t);
  await lock('npm', pinned.integrity);
  t.match(await init({ spec: `${NAME}@1.1.0` }), { version: '1.1.0' });
  t.match(
    context.talk.warnings[0],
    `package-lock.json pins ${NAME} 1.0.0, but you asked for 1.1.0: that is what you get.`,
  );
});

t.test('a range that does not allow what is pinned is refused', async (t) => {
  const { init, lock } = await student(t);
  await lock('npm', pinned.integrity);
  await t.rejects(init({ spec: `${NAME}@^1.1.0` }), { code: 'LOCKFILE_AMBIGUOUS' });
});

t.test('a broken lockfile that names the course is not passed over', async (t) => {
  const { init, context } = await student(t);
  await writeFile(join(context.cwd, 'package-lock.json'), `<<<<<<< HEAD ${NAME}`);
  await t.rejects(init(), { code: 'LOCKFILE_INVALID' });
});

t.test('--lockfile names one by path or address, and it counts', async (t) => {
  const { init, lock, context } = await student(t);
  await lock('npm', latest.integrity, '1.1.0');
  const elsewhere = join(context.home, 'class');
  await mkdir(elsewhere);
  const { fileName, text } = lockfileOf('pnpm', NAME, '1.0.0', pinned.integrity);
  await writeFile(join(elsewhere, fileName), text);
  t.match(await init({ lockfile: join(elsewhere, fileName), dir: 'a' }), { version: '1.0.0' });
  const web = await serveFaults(answer(200, text));
  t.teardown(web.close);
  t.match(await init({ lockfile: `${web.url}/class/${fileName}`, dir: 'b' }), { version: '1.0.0' });
  await t.rejects(init({ lockfile: join(elsewhere, fileName), spec: `${NAME}@1.1.0`, dir: 'c' }), {
    code: 'LOCKFILE_AMBIGUOUS',
  });
  t.same((await readdir(context.cwd)).sort(), ['a', 'b', 'package-lock.json']);
});
