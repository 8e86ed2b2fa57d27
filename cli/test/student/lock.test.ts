import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { lockText, type ProgyLock, readProgyLock } from '../../student/lock.ts';
import { startedCourseAround } from '../../student/started-course.ts';

const LOCK: ProgyLock = {
  lockfileVersion: 1,
  name: '@diego/rust-mastery',
  version: '1.0.0',
  resolved: 'http://localhost:8787/@diego/rust-mastery/-/rust-mastery-1.0.0.tgz',
  integrity: `sha512-${'A'.repeat(86)}==`,
  registry: 'http://localhost:8787/',
};

t.test('a lock is read as it was written, and fields of later versions of progy are kept', async (t) => {
  const folder = t.testdir({ 'progy-lock.json': lockText(LOCK) });
  t.same(await readProgyLock(folder), LOCK);
  await writeFile(join(folder, 'progy-lock.json'), JSON.stringify({ ...LOCK, later: true }));
  t.same(await readProgyLock(folder), { ...LOCK, later: true });
});

t.test('a lock that is not one is refused, and says what is wrong', async (t) => {
  const wrong: Record<string, string> = {
    '': 'cannot be read',
    '{': 'cannot be read',
    '[]': 'cannot be read',
    [`${lockText(LOCK)}${' '.repeat(70_000)}`]: 'cannot be read',
    [lockText({ ...LOCK, name: '../../etc' })]: 'cannot be read: name is missing or wrong',
    [lockText({ ...LOCK, name: '@Diego/Rust' })]: 'cannot be read: name is missing or wrong',
    [lockText({ ...LOCK, version: 'latest' })]: 'cannot be read: version is missing or wrong',
    [lockText({ ...LOCK, integrity: 'sha1-abc' })]: 'cannot be read: integrity is missing or wrong',
    [JSON.stringify({ ...LOCK, registry: undefined })]: 'cannot be read: registry is missing or wrong',
  };
  for (const [text, problem] of Object.entries(wrong)) {
    const folder = t.testdir({ 'progy-lock.json': text });
    const message = `${join(folder, 'progy-lock.json')} ${problem}`;
    await t.rejects(readProgyLock(folder), { code: 'LOCK_INVALID', message }, text.slice(0, 80));
    t.equal(await readFile(join(folder, 'progy-lock.json'), 'utf8'), text);
  }
});

t.test('the course around a folder is the nearest one above', async (t) => {
  const inner = { 'progy-lock.json': lockText({ ...LOCK, name: '@diego/inner' }), deep: { deeper: {} } };
  const outer = t.testdir({ 'progy-lock.json': lockText(LOCK), content: {}, inner });
  t.same(await startedCourseAround(outer), { folder: outer, lock: LOCK });
  t.same(await startedCourseAround(join(outer, 'content')), { folder: outer, lock: LOCK });
  const found = await startedCourseAround(join(outer, 'inner', 'deep', 'deeper'));
  t.match(found, { folder: join(outer, 'inner'), lock: { name: '@diego/inner' } });
});

t.test('outside of a course, the error says where one is', async (t) => {
  await t.rejects(startedCourseAround('/'), { code: 'NOT_IN_A_COURSE', message: '/ is not inside a course' });
});
