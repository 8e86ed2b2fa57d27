import { lstat, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { run as updateCommand, views } from '../../commands/update.ts';
import { began, lines, NAME, stateOf, student, termRegistry, treeAt } from '../helpers/term.ts';

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
        files: [
          { path: 'course.json', change: 'changed' },
          { path: 'map.course-1.1.0.png', change: 'added' },
          { path: 'pic.course-1.1.0', change: 'added' },
        ],
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

t.test(
  'what the author renames is followed: by id, by name without the number, or by git where it looks alike',
  async (t) => {
    const work = (name: string) => lines(1, 30, { 1: name });
    const toml = '[exercises.01_first]\nid = "first"\n';
    const { ana, publish } = await began(t, {
      'content/a/info.toml': toml,
      'content/a/01_first/x.js': work('first'),
      'content/a/02_second/x.js': work('second'),
      'content/a/03_third/x.js': work('third'),
      'lib/tool.js': work('tool'),
    });
    await ana.write({
      'content/a/01_first/x.js': 'all my own\nfirst\n',
      'content/a/01_first/notes.md': 'notes on first\n',
      'content/a/02_second/x.js': 'all my own\nsecond\n',
      'content/a/03_third/x.js': lines(1, 30, { 1: 'third', 30: 'mine' }),
      'lib/tool.js': lines(1, 30, { 1: 'tool', 30: 'mine' }),
      'lib/own.js': 'own\n',
    });
    const before = await stateOf(ana);
    await publish('1.1.0', {
      'content/a/info.toml': toml.replace('01_first', '09_last'),
      'content/a/09_last/x.js': 'all of it new\nlast\n',
      'content/a/03_second/x.js': 'all of it new\nsecond\n',
      'content/b/04_third/x.js': work('third'),
      'tools/tool.js': work('tool'),
    });
    const result = await ana.update();
    t.match(result, {
      update: {
        state: 'conflicts',
        change: {
          exercises: {
            renamed: [
              { from: 'content/a/01_first', to: 'content/a/09_last' },
              { from: 'content/a/02_second', to: 'content/a/03_second' },
              { from: 'content/a/03_third', to: 'content/b/04_third' },
            ],
            added: [],
            removed: [],
          },
          conflicts: [
            { path: 'content/a/03_second/x.js', kind: 'both-changed' },
            { path: 'content/a/09_last/x.js', kind: 'both-changed' },
          ],
        },
      },
    });
    const after = await treeAt(ana.folder);
    t.match(after, {
      'content/a/09_last/notes.md': '- notes on first\n',
      'content/a/09_last/x.js': /all my own\nfirst\n=======\nall of it new\nlast/,
      'content/b/04_third/x.js': `- ${lines(1, 30, { 1: 'third', 30: 'mine' })}`,
      'tools/tool.js': `- ${lines(1, 30, { 1: 'tool', 30: 'mine' })}`,
      'tools/own.js': '- own\n',
    });
    t.same(
      Object.keys(after).filter((path) => /01_first|02_second|03_third|lib/.test(path)),
      [],
    );
    ana.git('merge', '--abort');
    t.same((await stateOf(ana)).tree, before.tree, 'git goes back too');
    await ana.update();
    await ana.update({ abort: true });
    t.same((await stateOf(ana)).tree, before.tree);
  },
);

t.test('exercises that change places keep what is in them', async (t) => {
  const files = (one: string, two: string) => ({
    'course.json': JSON.stringify({
      name: NAME,
      version: one === '01_a' ? '1.0.0' : '1.1.0',
      content: {
        exercises: [
          { id: 'a', path: `content/m/${one}` },
          { id: 'b', path: `content/m/${two}` },
        ],
      },
    }),
    [`content/m/${one}/x.js`]: 'a\n',
    [`content/m/${two}/x.js`]: 'b\n',
  });
  const { ana, publish } = await began(t, files('01_a', '02_a'));
  await ana.write({ 'content/m/01_a/x.js': 'my a\n', 'content/m/02_a/own.js': 'own b\n' });
  const before = await stateOf(ana);
  await publish('1.1.0', files('02_a', '01_a'));
  t.match(await ana.update(), { update: { state: 'updated' } });
  t.match(await treeAt(ana.folder), {
    'content/m/02_a/x.js': '- my a\n',
    'content/m/01_a/x.js': '- b\n',
    'content/m/01_a/own.js': '- own b\n',
  });
  t.equal(ana.git('status', '--porcelain'), '');
  await ana.update({ undo: true });
  t.same(await stateOf(ana), before);
});

t.test('what git does not save is not lost either: repositories inside, ignored files, links', async (t) => {
  const { ana, publish } = await began(t, { '.gitignore': '*.log\n', 'content/a/c/main.c': 'c\n' });
  ana.git('init', '--quiet', 'content/a/c');
  await ana.write({
    'content/a/c/mine.c': 'inside\n',
    'day.log': 'my log\n',
    'app/src/main.rs': 'mine\n',
    'moved.log': 'my other log\n',
  });
  ana.git('init', '--quiet', 'app');
  await symlink('README.md', join(ana.folder, 'link'));
  const before = await treeAt(ana.folder);
  await publish('1.1.0', {
    '.gitignore': '*.log\n',
    'content/a/c/main.c': 'new c\n',
    'content/a/c/mine.c': 'of the course\n',
    'day.log': 'of the course\n',
    'app/src/main.rs': 'of the course\n',
  });
  const result = await ana.update();
  t.comment(views.human(result));
  const after = await treeAt(ana.folder);
  const all = Object.values(after).join('');
  for (const line of ['inside', 'my log', 'mine', 'my other log', '-> README.md', 'new c']) t.match(all, line);
  await ana.update({ abort: true });
  t.same(await treeAt(ana.folder), before);
});

t.test('what the publisher says is shown: of the version that one has, and of the new one', async (t) => {
  const { ana, publish, registry } = await began(t, {});
  registry.note('1.0.0', { yanked: 'a wrong answer' });
  t.match(
    views.human(await ana.update()),
    /^@diego\/term@1\.0\.0 is yanked: a wrong answer\n@diego\/term 1\.0\.0 is up to date$/,
  );
  await publish('1.1.0', {});
  await publish('1.2.0', {});
  registry.note('1.1.0', { deprecated: 'use 1.2' });
  t.match(
    views.human(await ana.update({ to: '1.1.0' })),
    /is yanked: a wrong answer\n@diego\/term@1\.1\.0 is deprecated: use 1\.2\n/,
  );
  registry.note('1.2.0', { yanked: 'broken' });
  t.match(await ana.update(), { update: { state: 'up-to-date', to: '1.1.0' } }, 'nobody is led to a yanked version');
  t.match(
    await ana.update({ to: '1.0.0' }),
    { update: { state: 'updated', to: '1.0.0' } },
    'back to an older one, if named',
  );
});

t.test('a change in the second in which git wrote its index is seen, as git sees it', async (t) => {
  const { ana, publish } = await began(t, { 'a.txt': 'aaa\n', 'b.txt': 'b\n' });
  const [file, index] = [join(ana.folder, 'a.txt'), join(ana.folder, '.git', 'index')];
  ana.git('config', 'core.trustctime', 'false');
  const { atime, mtime } = await lstat(file);
  await ana.write({ 'a.txt': 'bbb\n' });
  await utimes(file, atime, mtime);
  await utimes(index, atime, mtime);
  const before = await stateOf(ana);
  t.match(before.status, 'a.txt');
  await utimes(index, atime, mtime);
  await publish('1.1.0', { 'a.txt': 'aaa\n', 'b.txt': 'new b\n' });
  await ana.update();
  t.equal(ana.git('show', 'HEAD:a.txt'), 'bbb');
  await ana.update({ undo: true });
  t.same(await stateOf(ana), before);
});

t.test('a version that asks for another progy is not begun with', async (t) => {
  const registry = await termRegistry(t, { version: '1.0.0', files: FIRST });
  const ana = await student(t, registry);
  const before = await treeAt(ana.folder);
  await registry.publish({ version: '2.0.0', files: FIRST, engine: '^99.0.0' });
  const refused = { code: 'OTHER_PROGY_NEEDED', message: /2\.0\.0 needs progy \^99\.0\.0/ };
  // A lock that was cloned could name a stranger's registry: progy comes from the person's own.
  const elsewhere = { ...ana.context, env: { ...ana.context.env, PROGY_REGISTRY: 'https://own.test' } };
  await t.rejects(updateCommand({ yes: true }, elsewhere), { ...refused, next: 'Update it from https://own.test' });
  t.same(await treeAt(ana.folder), before);
});

t.test('what is done stays done when exercises get other numbers, other modules or an id', async (t) => {
  const { ana, publish } = await began(t, { 'content/a/01_x/x.js': 'x\n', 'content/a/02_y/y.js': 'y\n' });
  const entry = { attempts: 2, passedAt: '2026-11-24T08:00:00.000Z' };
  const progress = (...ids: string[]) => ({
    later: true,
    progressVersion: 1,
    exercises: Object.fromEntries(ids.map((id) => [id, entry])),
  });
  await ana.write({ '.progy/progress.json': JSON.stringify(progress('a/01_x', 'a/02_y', 'a/b', 'gone/long ago')) });
  const before = await stateOf(ana);
  await publish('1.1.0', {
    'content/z/07_x/x.js': 'x\n',
    'content/a/02_y/y.js': 'y\n',
    'content/a/info.toml': '[exercises.02_y]\nid = "why"\n',
  });
  await ana.update();
  t.same(JSON.parse(await ana.read('.progy/progress.json')), progress('a/b', 'gone/long ago', 'why', 'z/07_x'));
  t.equal(ana.git('status', '--porcelain'), '');
  t.match(ana.git('show', '--stat', 'HEAD'), '.progy/progress.json');
  await ana.update({ undo: true });
  t.same(await stateOf(ana), before);
});
