import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import t, { type Test } from 'tap';
import { pinnedByGiven } from '../../classroom/given-lockfile.ts';
import { packageFilesOf } from '../../classroom/lockfiles/tarball-files.ts';
import { yarnChecksum } from '../../classroom/lockfiles/yarn-zip.ts';
import { checkPinned, type PinnedCourse, pinnedAbove } from '../../classroom/pinned-course.ts';
import { createCourseSource } from '../../registry/source.ts';
import { parseCourseSpec } from '../../registry/spec.ts';
import { testContext } from '../helpers/context.ts';
import { fixtureTarball, flipped, integrityOf, serving } from '../helpers/course-server.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';
import { lockfileOf } from '../helpers/lockfiles.ts';

const tarball = await fixtureTarball('rust-mastery');
const RUST = parsePackageName('@diego/rust-mastery');
const signal = new AbortController().signal;

async function* once(bytes: Uint8Array) {
  yield bytes;
}

const zip = await yarnChecksum(RUST.full, packageFilesOf(once(tarball.bytes), nodePlatform));
const otherIntegrity = integrityOf(flipped(tarball.bytes));

async function lock(folder: string, kind: string, version = '1.0.0', integrity = tarball.integrity) {
  await mkdir(folder, { recursive: true });
  const { fileName, text } = lockfileOf(kind, RUST.full, version, integrity);
  await writeFile(join(folder, fileName), text);
  return join(folder, fileName);
}

function assumed(pinned: PinnedCourse | undefined): PinnedCourse {
  if (pinned === undefined) throw new Error('Nothing is pinned');
  return pinned;
}

async function served(t: Test) {
  const server = await serveFaults(serving(tarball));
  t.teardown(server.close);
  const source = createCourseSource(server.registry(), { cache: join(t.testdir({}), 'cache') }, signal);
  return { source, course: await source.resolve(parseCourseSpec(RUST.full)), url: server.url };
}

t.test('the nearest lockfile that names the course counts', async (t) => {
  const top = t.testdir({});
  const deep = join(top, 'class', 'students', 'ana');
  await mkdir(deep, { recursive: true });
  t.equal(await pinnedAbove(RUST, deep), undefined, 'without one, nothing is pinned');
  await lock(top, 'npm', '1.0.0');
  t.match(await pinnedAbove(RUST, deep), { version: '1.0.0', lockfile: join(top, 'package-lock.json') });
  await writeFile(join(deep, 'yarn.lock'), '# yarn lockfile v1\n');
  t.match(await pinnedAbove(RUST, deep), { version: '1.0.0' }, 'one about other packages is passed over');
  await lock(join(top, 'class'), 'bun', '2.0.0');
  t.match(await pinnedAbove(RUST, deep), { version: '2.0.0', lockfile: join(top, 'class', 'bun.lock') });
});

t.test('lockfiles side by side must agree, unless the version is named', async (t) => {
  const folder = t.testdir({});
  await lock(folder, 'npm', '1.0.0');
  await lock(folder, 'pnpm', '1.0.0');
  t.match(await pinnedAbove(RUST, folder), { version: '1.0.0', locks: [{ manager: 'npm' }, { manager: 'pnpm' }] });
  await lock(folder, 'pnpm', '1.1.0');
  await t.rejects(pinnedAbove(RUST, folder), { code: 'LOCKFILE_AMBIGUOUS', message: /1\.0\.0, 1\.1\.0/ });
  t.match(await pinnedAbove(RUST, folder, '1.1.0'), { version: '1.1.0', locks: [{ manager: 'pnpm' }] });
});

for (const kind of ['npm', 'npm1', 'pnpm', 'yarn1', 'yarn', 'bun']) {
  t.test(`${kind}: the registry’s bytes are the locked ones, and others are refused`, async (t) => {
    const { source, course, url } = await served(t);
    const folder = t.testdir({});
    const [right, wrong] = kind === 'yarn' ? [zip, 'a'.repeat(128)] : [tarball.integrity, otherIntegrity];
    await lock(folder, kind, '1.0.0', right);
    const pinned = await pinnedAbove(RUST, folder);
    await checkPinned(course, assumed(pinned), source, url);
    await lock(folder, kind, '1.0.0', wrong);
    const other = await pinnedAbove(RUST, folder);
    await t.rejects(checkPinned(course, assumed(other), source, url), {
      code: 'LOCKFILE_MISMATCH',
      message: /serves other bytes of @diego\/rust-mastery 1\.0\.0 than \S+ pins$/,
    });
  });
}

t.test('a lockfile is named by path or by address', async (t) => {
  const context = await testContext(t.testdir({}));
  await lock(join(context.cwd, 'class'), 'npm');
  t.match(await pinnedByGiven('class/package-lock.json', RUST, context), { version: '1.0.0' });
  const { text } = lockfileOf('pnpm', RUST.full, '1.0.0', tarball.integrity);
  const server = await serveFaults(answer(200, text), answer(404, 'no'), answer(302, '', { location: '/x' }));
  t.teardown(server.close);
  const address = `${server.url}/class/main/pnpm-lock.yaml?raw=true`;
  t.match(await pinnedByGiven(address, RUST, context), { version: '1.0.0', lockfile: address });
  await t.rejects(pinnedByGiven(address, RUST, context), { code: 'FILE_NOT_FOUND' });
  await t.rejects(pinnedByGiven(address, RUST, context), { code: 'FILE_NOT_FOUND' }, 'redirects are not followed');
  await t.rejects(pinnedByGiven('absent/package-lock.json', RUST, context), { code: 'FILE_NOT_FOUND' });
  await t.rejects(pinnedByGiven('class/notes.txt', RUST, context), { code: 'USAGE' });
  const other = parsePackageName('@diego/other');
  await t.rejects(pinnedByGiven('class/package-lock.json', other, context), { code: 'LOCKFILE_INVALID' });
});
