// `progy update` where things are odd: no commit yet, another branch, no git, links, wrong bytes, no network.
import { mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { run as reset } from '../../commands/reset.ts';
import { run as update } from '../../commands/update.ts';
import { explainError } from '../../explain-error.ts';
import { chooseLockedRegistry } from '../../registry/choice.ts';
import { GitError } from '../../student/git.ts';
import { testContext } from '../helpers/context.ts';
import { began, lines, type Student, stateOf, treeAt } from '../helpers/term.ts';

const FIRST = { 'a.txt': lines(1, 9), 'content/x/y/z.txt': 'z\n' };
const SECOND = { 'a.txt': lines(1, 9, { 1: 'theirs' }), 'content/x/y/z.txt': 'new z\n' };

t.test('a repository without a commit gets two, and none again', async (t) => {
  const { ana, publish } = await began(t, FIRST);
  await rm(join(ana.folder, '.git'), { recursive: true });
  ana.git('init', '--quiet');
  ana.git('add', 'a.txt');
  await ana.write({ 'a.txt': lines(1, 9, { 9: 'mine' }) });
  const state = async () => ({ tree: await treeAt(ana.folder), status: ana.git('status', '--porcelain=v2') });
  const before = await state();
  await publish('1.1.0', SECOND);
  await ana.update();
  t.equal(ana.git('log', '--format=%s').split('\n').length, 2);
  t.equal(await ana.read('a.txt'), lines(1, 9, { 1: 'theirs', 9: 'mine' }));
  await ana.update({ undo: true });
  t.same(await state(), before);
  t.throws(() => ana.git('rev-parse', '--verify', 'HEAD'));
});

t.test('on a detached HEAD it works the same', async (t) => {
  const { ana, publish } = await began(t, FIRST);
  ana.git('checkout', '--quiet', '--detach');
  const before = await stateOf(ana);
  await publish('1.1.0', SECOND);
  await ana.update();
  t.equal(ana.git('log', '-1', '--format=%s'), 'Update @diego/term 1.0.0 → 1.1.0');
  t.not(ana.git('rev-parse', 'main'), ana.git('rev-parse', 'HEAD'));
  await ana.update({ undo: true });
  t.same(await stateOf(ana), before);
});

t.test('nothing is undone on another branch than it was done on', async (t) => {
  const { ana, publish } = await began(t, FIRST);
  await t.rejects(ana.update({ undo: true }), { code: 'NOTHING_TO_UNDO' });
  await publish('1.1.0', SECOND);
  await ana.update();
  ana.git('checkout', '--quiet', '-b', 'other');
  const before = await stateOf(ana);
  await t.rejects(ana.update({ undo: true }), { code: 'OTHER_BRANCH', next: 'Go there first: git switch main' });
  t.same(await stateOf(ana), before);
});

t.test('in the middle of a merge of the student’s own, nothing is updated, undone or reset', async (t) => {
  const { ana, publish } = await began(t, FIRST);
  await publish('1.1.0', SECOND);
  await ana.update();
  ana.git('checkout', '--quiet', '-b', 'other', 'HEAD^');
  await ana.write({ 'a.txt': 'other\n' });
  ana.commit('Other');
  ana.git('checkout', '--quiet', 'main');
  t.throws(() => ana.git('merge', 'other'));
  const before = await stateOf(ana);
  for (const options of [{}, { undo: true }] as const) {
    await t.rejects(ana.update({ ...options, to: '1.0.0' }), { code: 'MERGE_UNDER_WAY' });
  }
  await t.rejects(ana.update({ abort: true }), { code: 'NO_MERGE' });
  await t.rejects(reset({ path: 'a.txt', yes: true }, ana.context), { code: 'MERGE_UNDER_WAY' });
  t.same(await stateOf(ana), before);
});

t.test('what git refuses is said in its words', async (t) => {
  const { ana } = await began(t, FIRST);
  await writeFile(join(ana.folder, '.git', 'config'), 'no config');
  t.match(await ana.update().then(() => undefined, explainError), { code: 'GIT_FAILED', error: /bad config/ });
  t.match(explainError(new GitError('fatal: this\nand that', false)), {
    code: 'GIT_FAILED',
    error: 'git: fatal: this',
  });
});

t.test('what is staged and looks otherwise on disk is not lost, and staged again after going back', async (t) => {
  const { ana, publish } = await began(t, FIRST);
  await ana.write({ 'a.txt': lines(1, 9, { 9: 'staged' }) });
  ana.git('add', 'a.txt');
  await ana.write({ 'a.txt': lines(1, 9, { 9: 'on disk' }) });
  const before = await stateOf(ana);
  await publish('1.1.0', SECOND);
  await ana.update();
  const [backup = ''] = ana.git('for-each-ref', '--format=%(refname)', 'refs/progy/backup').split('\n');
  t.match(ana.git('show', `${backup}:a.txt`), 'staged');
  await ana.update({ undo: true });
  t.same(await stateOf(ana), before);
  t.match(ana.git('show', ':a.txt'), 'staged');
});

t.test('a repository on a machine without git: the files are merged, and git finds them later', async (t) => {
  const { ana, publish } = await began(t, FIRST);
  await ana.write({ 'a.txt': lines(1, 9, { 9: 'mine' }), 'content/x/y/z.txt': 'my z\n' });
  const before = await treeAt(ana.folder);
  await publish('1.1.0', SECOND);
  const env = { ...ana.context.env, PATH: ana.context.home };
  Object.assign(ana.context, { env });
  t.match(await ana.update(), {
    update: { state: 'conflicts', change: { withoutGit: 'git-missing', conflicts: [{ path: 'content/x/y/z.txt' }] } },
  });
  t.equal(await ana.read('a.txt'), lines(1, 9, { 1: 'theirs', 9: 'mine' }));
  t.equal(await ana.read('content/x/y/z.txt'), '<<<<<<< your work\nmy z\n=======\nnew z\n>>>>>>> course 1.1.0\n');
  await ana.update({ undo: true });
  t.same(await treeAt(ana.folder), before);
});

t.test('a link out of the course is never followed', async (t) => {
  const { ana, publish } = await began(t, FIRST);
  const elsewhere = join(ana.context.home, 'elsewhere');
  await mkdir(elsewhere);
  await rename(join(ana.folder, 'content', 'x'), join(elsewhere, 'x'));
  await symlink(join(elsewhere, 'x'), join(ana.folder, 'content', 'x'));
  const before = await treeAt(ana.folder);
  await publish('1.1.0', { ...SECOND, 'content/x/y/new.txt': 'new\n' });
  await ana.update();
  t.same(await treeAt(elsewhere), { 'x/y/z.txt': '- z\n' });
  const after = await treeAt(ana.folder);
  t.ok(Object.values(after).includes(`-> ${join(elsewhere, 'x')}`), 'the link is kept');
  t.match(after, { 'content/x/y/new.txt': '- new\n', 'content/x/y/z.txt': '- new z\n' });
  await ana.update({ undo: true });
  t.same(await treeAt(ana.folder), before);
  await rm(join(ana.folder, '.git'), { recursive: true });
  await t.rejects(ana.update(), { code: 'ENOTDIR' });
  t.same(await treeAt(ana.folder), before);
  t.same(await treeAt(elsewhere), { 'x/y/z.txt': '- z\n' });
});

t.test('other bytes than the lock pins are refused; nothing changes', async (t) => {
  const { ana, publish, registry } = await began(t, FIRST);
  const lock = await ana.read('progy-lock.json');
  await ana.write({ 'progy-lock.json': lock.replace(/sha512-[^"]{20}/, `sha512-${'A'.repeat(20)}`) });
  await rm(join(ana.context.home, '.progy'), { recursive: true });
  await publish('1.1.0', SECOND);
  const before = await stateOf(ana);
  t.match(await ana.update().then(() => undefined, explainError), { code: 'INTEGRITY' });
  t.same(await stateOf(ana), before);
  t.ok(registry.requests.length > 0);
});

t.test('without a network, what is in the cache is enough', async (t) => {
  const { ana, publish, registry } = await began(t, FIRST);
  await publish('1.1.0', SECOND);
  await ana.update();
  await ana.update({ undo: true });
  await registry.close();
  t.match(await ana.update(), { update: { state: 'updated', to: '1.1.0' } });
  t.equal(await ana.read('a.txt'), SECOND['a.txt']);
});

t.test('what is written, staged or committed while progy asks is never lost: the update is refused', async (t) => {
  const meanwhile = {
    written: (ana: Student) => ana.write({ 'a.txt': lines(1, 9, { 5: 'later', 9: 'mine' }) }),
    staged: async (ana: Student) => ana.git('add', 'a.txt'),
    committed: async (ana: Student) => ana.commit('Later'),
  };
  for (const [name, work] of Object.entries(meanwhile)) {
    const { ana, publish } = await began(t, FIRST, { dir: name });
    await publish('1.1.0', SECOND);
    await ana.write({ 'a.txt': lines(1, 9, { 9: 'mine' }) });
    let before: unknown;
    const ask = async () => {
      await work(ana);
      before = await stateOf(ana);
      return 'yes';
    };
    Object.assign(ana.context.talk, { ask });
    await t.rejects(update({}, ana.context), { code: 'CHANGED_MEANWHILE' }, name);
    t.same(await stateOf(ana), before, name);
  }
});

t.test(
  'new files of more than 100 MB are not committed, which is said, and the course’s own files always are',
  async (t) => {
    const { ana, publish } = await began(t, FIRST);
    await rm(join(ana.folder, '.git'), { recursive: true });
    ana.git('init', '--quiet');
    await ana.write({ 'a.txt': lines(1, 9, { 9: 'mine' }), 'data/big.bin': '' });
    await truncate(join(ana.folder, 'data/big.bin'), 101 * 1024 * 1024);
    await publish('1.1.0', SECOND);
    ana.context.talk.warnings.length = 0;
    t.match(await ana.update(), { update: { state: 'updated', change: { keptBoth: [], conflicts: [] } } });
    t.equal(await ana.read('a.txt'), lines(1, 9, { 1: 'theirs', 9: 'mine' }));
    t.equal(ana.git('status', '--porcelain'), '?? data/');
    t.same(ana.context.talk.warnings, [
      'More than 100 MB of new files: not committed, and left where they are: data/big.bin',
    ]);
  },
);

t.test('ten changes are kept, and the rest of what progy keeps is tidied up', async (t) => {
  const { ana, publish } = await began(t, FIRST);
  await publish('1.1.0', SECOND);
  await ana.update();
  for (let times = 0; times < 12; times++) await ana.update({ undo: true });
  const kept = (await readdir(join(ana.folder, '.git', 'progy'))).sort();
  t.equal(kept.filter((name) => /^\d/.test(name)).length, 10);
  t.same(
    kept.filter((name) => !/^\d/.test(name)),
    ['last'],
  );
  t.equal(ana.git('for-each-ref', 'refs/progy/backup').split('\n').length, 10);
});

t.test('PROGY_TOKEN goes to the registry of a lock only if PROGY_REGISTRY names it too', async (t) => {
  const locked = 'http://lock.example/';
  const choose = async (env: Record<string, string>, option?: string) => {
    const context = await testContext(t.testdir({}), { env: { PROGY_TOKEN: 'secret', ...env } });
    await writeFile(join(context.home, '.npmrc'), '//stored.example/:_authToken=stored\n');
    const { url, token } = await chooseLockedRegistry(context, option, env.LOCKED ?? locked);
    return { url, token };
  };
  t.same(await choose({}), { url: locked, token: undefined });
  t.same(await choose({ PROGY_REGISTRY: 'http://other.example' }), { url: locked, token: undefined });
  t.same(await choose({ PROGY_REGISTRY: 'http://lock.example' }), { url: locked, token: 'secret' });
  t.same(await choose({}, 'http://option.example'), { url: 'http://option.example/', token: 'secret' });
  t.same(await choose({ LOCKED: 'http://stored.example/' }), { url: 'http://stored.example/', token: 'stored' });
  t.equal(await readFile(join(t.testdirName, 'home', '.npmrc'), 'utf8'), '//stored.example/:_authToken=stored\n');
});

for (const git of [true, false]) {
  t.test(`names of every kind are fine (${git ? 'with' : 'without'} a repository)`, async (t) => {
    const course = (word: string) => ({
      'content/x/y/-z.txt': word,
      'content/x/y/olá 🦀 (1).txt': word,
      "it's.txt": word,
    });
    const { ana, publish } = await began(t, course('one\n'), { dir: 'mein kurs 🦀 $(x) \'"', git });
    const own = [
      '-rf',
      'a b',
      'tab\there',
      'line\nfeed',
      'quote"',
      ':(glob)*',
      '*',
      'ünï',
      '.hidden',
      'content/x/y/#own',
    ];
    await ana.write(Object.fromEntries(own.map((name, index) => [name, `mine ${index}\n`])));
    const before = await treeAt(ana.folder);
    await publish('1.1.0', course('two\n'));
    t.match(await ana.update(), { update: { state: 'updated' } });
    const after = await treeAt(ana.folder);
    for (const [index, name] of own.entries()) t.equal(after[name], `- mine ${index}\n`, name);
    for (const name of Object.keys(course(''))) t.equal(after[name], '- two\n');
    if (git) t.equal(ana.git('status', '--porcelain'), '');
    await reset({ path: 'content/x/y/-z.txt', yes: true }, ana.context);
    await ana.update({ undo: true });
    t.same(await treeAt(ana.folder), before);
  });
}
