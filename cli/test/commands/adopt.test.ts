import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { run, views } from '../../commands/adopt.ts';
import * as update from '../../commands/update.ts';
import { type Files, student, termRegistry, treeAt } from '../helpers/term.ts';

const files = (word: string): Files => ({
  'content/a/b/README.md': `# ${word}\n`,
  'content/a/b/x.js': `${word}\n`,
  'content/a/c/x.js': 'the same\n',
});

/** A plain copy of a version, as a zip leaves it, and a student in it. */
async function copyOf(t: Test, version: string) {
  const registry = await termRegistry(
    t,
    { version: '1.0.0', files: files('one') },
    { version: '1.1.0', files: files('two') },
  );
  // Outside of this project's own repository.
  const root = await mkdtemp(join(tmpdir(), 'progy-adopt-'));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const ana = await student(t, registry, { spec: `@diego/term@${version}`, git: false, root });
  await rm(join(ana.folder, 'progy-lock.json'));
  return { ana, registry };
}

t.test('a copy gets a lock and a repository, no file changes, and it can be updated', async (t) => {
  const { ana } = await copyOf(t, '1.0.0');
  await ana.write({ 'content/a/b/x.js': 'my answer\n', 'own.txt': 'own\n' });
  const before = await treeAt(ana.folder);
  const result = await run({}, { ...ana.context, cwd: join(ana.folder, 'content') });
  t.match(result, {
    version: '1.0.0',
    repository: 'made',
    work: { changed: ['content/a/b/x.js'], added: ['own.txt'] },
  });
  t.match(
    views.human(result),
    /^This is @diego\/term 1\.0\.0 now[\s\S]*1 file not as published[\s\S]*Next: progy status$/,
  );
  const { 'progy-lock.json': lock, ...after } = await treeAt(ana.folder);
  t.same(after, before);
  t.match(lock, '"version": "1.0.0"');
  await t.rejects(run({}, ana.context), { code: 'ADOPTED' });
  t.match(await ana.update(), { update: { state: 'conflicts', from: '1.0.0', to: '1.1.0' } });
});

t.test(
  'beside more than 100 MB of the student’s, the files of the course are committed, and the rest is named',
  async (t) => {
    const { ana } = await copyOf(t, '1.0.0');
    await ana.write({ 'big.bin': '' });
    await truncate(join(ana.folder, 'big.bin'), 101 * 1024 * 1024);
    t.match(await run({}, ana.context), { repository: 'made' });
    t.equal(ana.git('status', '--porcelain'), '?? big.bin');
    t.match(ana.context.talk.warnings, [/not committed, and left where they are: big\.bin$/]);
  },
);

t.test('a version in course.json that was never published is found by its files', async (t) => {
  const { ana } = await copyOf(t, '1.1.0');
  await ana.write({ 'course.json': '{"name":"@diego/term","version":"0.0.0"}' });
  t.match(await run({}, ana.context), { version: '1.1.0', work: { changed: ['course.json'] } });
});

t.test('a copy that is like none is refused, unless somebody says which it is', async (t) => {
  const { ana } = await copyOf(t, '1.0.0');
  await ana.write({ 'content/a': null, 'content/z/z/z.js': 'z\n' });
  await t.rejects(run({}, ana.context), { code: 'NOT_RECOGNIZED' });
  t.match(await run({ spec: '@diego/term@1.1.0' }, ana.context), { version: '1.1.0' });
});

t.test('a repository that is there stays as it is, one around the copy too', async (t) => {
  const { ana } = await copyOf(t, '1.0.0');
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', ana.folder, ...args], { encoding: 'utf8', env: ana.context.env });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Cloned');
  t.match(await run({}, ana.context), { repository: 'there' });
  t.equal(git('log', '--format=%s'), 'Cloned\n');
  const inner = join(ana.folder, 'inner');
  await mkdir(inner);
  for (const name of ['course.json', 'content'])
    await cp(join(ana.folder, name), join(inner, name), { recursive: true });
  const context = { ...ana.context, cwd: inner };
  t.match(await run({}, context), { repository: 'inside-another' });
  t.match(await update.run({ yes: true }, context), {
    update: { state: 'updated', change: { withoutGit: 'inside-another' } },
  });
  t.equal(await readFile(join(inner, 'content/a/b/x.js'), 'utf8'), 'two\n');
  t.notMatch(
    git('status', '--porcelain', '--untracked-files=all'),
    /backup/,
    'copies are not for the repository around it',
  );
});
