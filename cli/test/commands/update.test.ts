import t, { type Test } from 'tap';
import { views } from '../../commands/update.ts';
import { type Files, NAME, type Student, student, termRegistry, treeAt } from '../helpers/term.ts';

const lines = (from: number, to: number, changed: Record<number, string> = {}) =>
  `${Array.from({ length: to - from + 1 }, (_, at) => changed[from + at] ?? `line ${from + at}`).join('\n')}\n`;

const FIRST = {
  'README.md': '# Term\n',
  '.gitignore': '*.out\n',
  'run.sh': '#!/bin/sh\necho run\n',
  'map.png': Buffer.from([0x89, 0x50, 0, 1, 2, 3]),
  'content/01_start/01_hello/README.md': '# Hello\n',
  'content/01_start/01_hello/exercise.js': lines(1, 20),
  'content/01_start/02_bye/README.md': '# Bye\n',
  'content/01_start/02_bye/exercise.js': lines(100, 130),
  'content/01_start/03_gone/exercise.js': 'gone\n',
  'content/expected.out': 'of the course\n',
};

t.test(
  'what the student has not touched follows the course; what both changed is merged; what is theirs stays',
  async (t) => {
    const registry = await termRegistry(t, { version: '1.0.0', files: FIRST });
    const ana = await student(t, registry);
    await ana.write({
      'content/01_start/01_hello/exercise.js': lines(1, 20, { 20: 'my answer' }),
      'notes.md': 'my notes\n',
      'ignored.out': 'my output\n',
    });
    ana.commit('Solve hello');
    await ana.write({
      'content/01_start/02_bye/exercise.js': lines(100, 130, { 130: 'not committed' }),
      'new.txt': 'untracked\n',
    });
    const before = {
      tree: await treeAt(ana.folder),
      status: ana.git('status', '--porcelain'),
      head: ana.git('rev-parse', 'HEAD'),
    };
    const { 'content/01_start/03_gone/exercise.js': _gone, ...rest } = FIRST;
    await registry.publish({
      version: '1.1.0',
      files: {
        ...rest,
        'README.md': '# Term, second print\n',
        'CHANGELOG.md': '# Changelog\n\n## 1.1.0\n\n- Better words.\n\n## 1.0.0\n\n- First.\n',
        'content/01_start/01_hello/exercise.js': lines(1, 20, { 1: 'by the author' }),
        'content/01_start/04_new/exercise.js': 'new\n',
        'content/expected.out': 'of the course, second print\n',
      },
    });
    const planned = await ana.update({ dryRun: true });
    t.same(await treeAt(ana.folder), before.tree, 'a dry run changes nothing');
    t.equal(ana.git('status', '--porcelain'), before.status);
    const result = await ana.update();
    t.comment(views.human(result));
    const after = await treeAt(ana.folder);
    t.match(after, {
      'README.md': '- # Term, second print\n',
      'content/01_start/01_hello/exercise.js': `- ${lines(1, 20, { 1: 'by the author', 20: 'my answer' })}`,
      'content/01_start/02_bye/exercise.js': before.tree['content/01_start/02_bye/exercise.js'],
      'content/01_start/04_new/exercise.js': '- new\n',
      'content/expected.out': '- of the course, second print\n',
      'notes.md': '- my notes\n',
      'new.txt': '- untracked\n',
      'ignored.out': '- my output\n',
    });
    t.notOk('content/01_start/03_gone/exercise.js' in after);
    t.equal(ana.git('status', '--porcelain'), '');
    t.same(ana.git('log', '--format=%s').split('\n'), [
      `Update ${NAME} 1.0.0 → 1.1.0`,
      `Save work before: Update ${NAME} 1.0.0 → 1.1.0`,
      'Solve hello',
      `Start ${NAME} 1.0.0`,
    ]);
    t.match(planned, { update: { state: 'planned' } });
    t.match(result, { update: { state: 'updated', from: '1.0.0', to: '1.1.0' } });
    const again = await ana.update();
    t.match(again, { update: { state: 'up-to-date' } });
    t.comment(views.human(again));
    t.comment(views.human(await ana.update({ undo: true })));
    t.same(await treeAt(ana.folder), before.tree);
    t.equal(ana.git('status', '--porcelain'), before.status);
    t.equal(ana.git('rev-parse', 'HEAD'), before.head);
    await ana.update({ undo: true });
    t.same(await treeAt(ana.folder), after, 'undoing twice brings the update back');
  },
);

/** A student with 1.0.0 of these files, and the registry. */
async function began(t: Test, files: Files, options: Parameters<typeof student>[2] = {}) {
  const registry = await termRegistry(t, { version: '1.0.0', files: { 'content/a/b/README.md': '# B\n', ...files } });
  const ana = await student(t, registry, options);
  const publish = (version: string, next: Files) =>
    registry.publish({ version, files: { 'content/a/b/README.md': '# B\n', ...next } });
  return { registry, ana, publish };
}

/** All that undo promises to bring back. */
async function stateOf({ folder, git }: Student) {
  const [status, head, staged] = [
    git('status', '--porcelain=v2'),
    git('rev-parse', 'HEAD'),
    git('ls-files', '--stage'),
  ];
  return { tree: await treeAt(folder), status, head, staged };
}

t.test('a conflict is git’s: in git status, to be committed, aborted with git or with progy', async (t) => {
  const { ana, publish } = await began(t, { 'a.txt': lines(1, 9), 'b.txt': 'b\n', 'c.txt': 'c\n' });
  await ana.write({ 'a.txt': lines(1, 9, { 5: 'mine' }), 'b.txt': 'my b\n', 'c.txt': null });
  const before = await stateOf(ana);
  await publish('1.1.0', { 'a.txt': lines(1, 9, { 5: 'theirs' }), 'c.txt': 'their c\n' });
  const result = await ana.update();
  t.match(result, {
    update: {
      state: 'conflicts',
      change: {
        commit: undefined,
        conflicts: [
          { path: 'a.txt', kind: 'both-changed' },
          { path: 'b.txt', kind: 'removed-by-course' },
          { path: 'c.txt', kind: 'removed-by-you' },
        ],
      },
    },
  });
  t.match(
    views.human(result),
    /some files need you[\s\S]*a\.txt: you and the course changed the same lines[\s\S]*--abort$/i,
  );
  t.match(await ana.read('a.txt'), /line 4\n<<<<<<< your work\nmine\n=======\ntheirs\n>>>>>>> course 1\.1\.0\nline 6/);
  t.equal(await ana.read('b.txt'), 'my b\n');
  t.match(
    ana.git('status'),
    /You have unmerged paths[\s\S]*both modified: +a\.txt[\s\S]*deleted by them: b\.txt[\s\S]*deleted by us: +c\.txt/,
  );
  await t.rejects(ana.update(), { code: 'MERGE_UNDER_WAY', next: /progy update --abort/ });
  await ana.update({ abort: true });
  t.same(await stateOf(ana), before, 'progy goes back to what was there, uncommitted work too');
  await t.rejects(ana.update({ abort: true }), { code: 'NO_MERGE' });

  await ana.update();
  ana.git('merge', '--abort');
  t.equal(ana.git('status', '--porcelain'), '');
  t.same(await treeAt(ana.folder), before.tree, 'git goes back to the commit of the work');

  await ana.update();
  await ana.write({ 'a.txt': lines(1, 9, { 5: 'mine and theirs' }) });
  ana.git('add', '--all');
  ana.git('commit', '--no-edit', '--quiet');
  t.match(ana.git('log', '-1', '--format=%B'), /^Update @diego\/term 1\.0\.0 → 1\.1\.0/);
  t.equal(ana.git('status', '--porcelain'), '');
  t.match(await ana.update(), { update: { state: 'up-to-date', to: '1.1.0' } });
  await t.rejects(ana.update({ undo: true, yes: undefined }), { code: 'NOT_AGREED', message: /new work: commit/ });
  await ana.update({ undo: true });
  t.same((await stateOf(ana)).tree, before.tree);
});

t.test('without --yes uncommitted work is asked about; without a terminal nothing happens', async (t) => {
  const { ana, publish } = await began(t, { 'a.txt': 'a\n' });
  await ana.write({ 'own.txt': 'own\n' });
  await publish('1.1.0', { 'a.txt': 'aa\n' });
  const before = await stateOf(ana);
  await t.rejects(ana.update({ yes: undefined }), {
    code: 'NOT_AGREED',
    message: /1 file with work that is not committed: own\.txt/,
  });
  ana.context.talk.answers.push('no');
  await t.rejects(ana.update({ yes: undefined }), { code: 'NOT_AGREED' });
  t.same(await stateOf(ana), before);
  ana.context.talk.answers.push('yes');
  t.match(await ana.update({ yes: undefined }), { update: { state: 'updated' } });
});

t.test('two binary files that both changed are both kept', async (t) => {
  const { ana, publish } = await began(t, { 'map.png': Buffer.from([137, 0, 1]), pic: Buffer.from([0, 1]) });
  await ana.write({ 'map.png': Buffer.from([137, 0, 2]), pic: Buffer.from([0, 2]) });
  await publish('1.1.0', { 'map.png': Buffer.from([137, 0, 3]), pic: Buffer.from([0, 3]) });
  t.match(await ana.update(), {
    update: {
      state: 'updated',
      change: {
        keptBoth: [
          { path: 'map.png', beside: 'map.course-1.1.0.png' },
          { path: 'pic', beside: 'pic.course-1.1.0' },
        ],
      },
    },
  });
  t.match(await treeAt(ana.folder), {
    'map.png': '- \u0089\u0000\u0002',
    'map.course-1.1.0.png': '- \u0089\u0000\u0003',
    pic: '- \u0000\u0002',
    'pic.course-1.1.0': '- \u0000\u0003',
  });
  t.equal(ana.git('status', '--porcelain'), '');
});

for (const config of ['', '[core]\nautocrlf = true\n', '[core]\nautocrlf = input\n']) {
  t.test(`line ends are no conflict, and stay the student’s (${config.trim().slice(7) || 'no setting'})`, async (t) => {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    const { ana, publish } = await began(
      t,
      { 'a.txt': lines(1, 9), 'b.txt': crlf(lines(1, 9)), 'c.txt': lines(1, 9) },
      { config },
    );
    await ana.write({
      'a.txt': crlf(lines(1, 9, { 9: 'mine' })),
      'b.txt': lines(1, 9, { 9: 'mine' }),
      'c.txt': crlf(lines(1, 9)),
    });
    const before = await stateOf(ana);
    await publish('1.1.0', {
      'a.txt': lines(1, 9, { 1: 'theirs' }),
      'b.txt': crlf(lines(1, 9, { 1: 'theirs' })),
      'c.txt': lines(1, 9, { 1: 'theirs' }),
    });
    t.match(await ana.update(), { update: { state: 'updated', change: { conflicts: [] } } });
    const merged = lines(1, 9, { 1: 'theirs', 9: 'mine' });
    t.equal((await ana.read('a.txt')).replaceAll('\r', ''), merged);
    t.equal((await ana.read('b.txt')).replaceAll('\r', ''), merged);
    t.equal((await ana.read('c.txt')).replaceAll('\r', ''), lines(1, 9, { 1: 'theirs' }));
    for (const path of ['a.txt', 'b.txt', 'c.txt'])
      t.not(/\r\n/.test(await ana.read(path)) && /[^\r]\n/.test(await ana.read(path)), true, path);
    t.equal(ana.git('status', '--porcelain'), '');
    await ana.update({ undo: true });
    t.same(await stateOf(ana), before);
  });
}
