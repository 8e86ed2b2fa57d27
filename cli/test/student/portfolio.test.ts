import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import type { Context } from '../../context.ts';
import { Portfolio, repositoryAround } from '../../student/portfolio.ts';
import { isRepository, type Repository } from '../../student/repository.ts';
import { testContext } from '../helpers/context.ts';

const MESSAGE = 'Start @diego/rust 1.0.0';

async function courseIn(context: Context): Promise<string> {
  const folder = join(context.cwd, 'course');
  await mkdir(join(folder, 'content'), { recursive: true });
  await writeFile(join(folder, '.gitignore'), '*.out\n');
  await writeFile(join(folder, 'content', 'expected.out'), 'belongs to the course\r\n');
  await writeFile(join(folder, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  return folder;
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
}

/** Gives a file of the folder to the repository, in two pieces. */
async function add(portfolio: Portfolio, folder: string, path: string): Promise<void> {
  const absolute = join(folder, path);
  const [content, { mode }] = await Promise.all([readFile(absolute), stat(absolute)]);
  await portfolio.begin({ path, mode: mode & 0o100 ? '100755' : '100644', size: content.length });
  for (const piece of [content.subarray(0, 5), content.subarray(5)]) await portfolio.write(piece);
}

/** Adds all files of a folder, and commits them. */
async function startPortfolio(folder: string, context: Context) {
  const portfolio = new Portfolio(folder, context);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && !path.startsWith('.git/')) await add(portfolio, folder, path);
  }
  return portfolio.commit(MESSAGE);
}

async function start(context: Context): Promise<{ folder: string; repository: Repository }> {
  const folder = await courseIn(context);
  const repository = await startPortfolio(folder, context);
  if (!isRepository(repository)) throw new Error(repository.detail);
  return { folder, repository };
}

t.test('one commit on main, with every file as it is, ignored ones too', async (t) => {
  const context = await testContext(t.testdir({}));
  await writeFile(
    join(context.home, '.gitconfig'),
    '[user]\nname = Ana\nemail = ana@example.com\n[core]\nautocrlf = true\n',
  );
  const { folder, repository } = await start(context);
  t.match(repository, { branch: 'main', isOwnIdentity: true, commit: /^[0-9a-f]{40}$/ });
  t.equal(git(folder, 'log', '--format=%an <%ae> %s', '--all'), `Ana <ana@example.com> ${MESSAGE}`);
  t.equal(git(folder, 'branch', '--show-current'), 'main');
  t.equal(git(folder, 'status', '--porcelain'), '');
  const tree = git(folder, 'ls-tree', '-r', '--format=%(objectmode) %(path)', 'HEAD').split('\n');
  t.same(tree, ['100644 .gitignore', '100644 content/expected.out', '100755 run.sh']);
  t.equal(
    execFileSync('git', ['-C', folder, 'show', 'HEAD:content/expected.out'], { encoding: 'utf8' }),
    'belongs to the course\r\n',
  );
});

t.test('a git that does not know the person commits with a neutral author and keeps no setting', async (t) => {
  const { folder, repository } = await start(await testContext(t.testdir({})));
  t.equal(repository.isOwnIdentity, false);
  t.equal(git(folder, 'log', '--format=%an <%ae> %cn'), 'Progy Student <student@progy.invalid> Progy Student');
  t.notMatch(await readFile(join(folder, '.git', 'config'), 'utf8'), /user|hooksPath/i);
});

t.test('a few processes of git make it, however many files there are', async (t) => {
  const root = t.testdir({ bin: {} });
  const log = join(root, 'log');
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  await writeFile(join(root, 'bin', 'git'), `#!/bin/sh\necho "$@" >> '${log}'\nexec '${real}' "$@"\n`, { mode: 0o755 });
  const context = await testContext(root, { env: { PATH: `${join(root, 'bin')}:${process.env.PATH}` } });
  const { folder } = await start(context);
  const calls = (await readFile(log, 'utf8')).trim().split('\n');
  const commands = calls.map((call) => / (init|fast-import|var|read-tree|update-index) /.exec(`${call} `)?.[1]);
  t.same(commands.sort(), ['fast-import', 'init', 'read-tree', 'update-index', 'var', 'var']);
  t.match(git(folder, 'count-objects', '-v'), /^count: 0\n(.*\n)*packs: 1\n/m, 'all is in one pack');
  const diff = git(folder, 'diff-files', '--name-only');
  t.equal(diff, '', 'git knows without reading them that no file has changed');
});

t.test('attributes count for all files, also those that came before them', async (t) => {
  const context = await testContext(t.testdir({}));
  const folder = join(context.cwd, 'course');
  await mkdir(folder);
  await writeFile(join(folder, '+notes.txt'), 'line\r\n');
  await writeFile(join(folder, '.gitattributes'), '*.txt text eol=crlf\n');
  const portfolio = new Portfolio(folder, context);
  for (const path of ['+notes.txt', '.gitattributes']) await add(portfolio, folder, path);
  t.match(await portfolio.commit(MESSAGE), { branch: 'main' });
  t.equal(git(folder, 'status', '--porcelain'), '');
  t.equal(git(folder, 'cat-file', '-s', 'HEAD:+notes.txt'), '5', 'stored with git’s own line ends');
  t.equal(git(folder, 'log', '--format=%an %cn %s', '--all'), `Progy Student Progy Student ${MESSAGE}`, 'one commit');
});

t.test('a repository that is abandoned is written to no more', async (t) => {
  const context = await testContext(t.testdir({}));
  const folder = await courseIn(context);
  const portfolio = new Portfolio(folder, context);
  await add(portfolio, folder, 'run.sh');
  await portfolio.abandon();
  await rm(folder, { recursive: true });
  await portfolio.abandon();
  t.same(await readdir(context.cwd), []);
});

t.test('Ctrl-C ends it with its reason', async (t) => {
  const reason = new Error('interrupted');
  const context = await testContext(t.testdir({}), { signal: AbortSignal.abort(reason) });
  await t.rejects(new Portfolio(await courseIn(context), context).commit(MESSAGE), reason);
});

t.test('what it stores is sound', async (t) => {
  const { folder } = await start(await testContext(t.testdir({})));
  t.equal(git(folder, 'fsck', '--strict', '--no-progress'), '');
});

t.test('nothing that the person’s settings name runs, and no setting of theirs fails the commit', async (t) => {
  const root = t.testdir({});
  const context = await testContext(root);
  const hooks = join(root, 'hooks');
  await mkdir(join(root, 'template', 'hooks'), { recursive: true });
  await mkdir(hooks);
  const evil = `#!/bin/sh\ntouch '${join(root, 'ran')}'\nexit 1\n`;
  for (const path of [
    join(hooks, 'pre-commit'),
    join(hooks, 'post-commit'),
    join(root, 'template', 'hooks', 'commit-msg'),
    join(root, 'monitor'),
  ]) {
    await writeFile(path, evil);
    await chmod(path, 0o755);
  }
  const config = [
    `[core]\nhooksPath = ${hooks}\nfsmonitor = ${join(root, 'monitor')}\neditor = false\nsafecrlf = true\nautocrlf = input`,
    `[init]\ntemplateDir = ${join(root, 'template')}\ndefaultBranch = trunk`,
    `[commit]\ngpgSign = true\ntemplate = /none\n[gpg]\nprogram = ${join(root, 'monitor')}`,
  ];
  await writeFile(join(context.home, '.gitconfig'), config.join('\n'));
  const { folder } = await start(context);
  t.notOk((await readdir(root)).includes('ran'));
  t.equal(git(folder, 'branch', '--show-current'), 'main');
});

t.test('GIT_DIR and its like do not lead git elsewhere', async (t) => {
  const root = t.testdir({ elsewhere: {} });
  const elsewhere = join(root, 'elsewhere');
  const env = { GIT_DIR: elsewhere, GIT_WORK_TREE: elsewhere, GIT_INDEX_FILE: join(elsewhere, 'index') };
  const context = await testContext(root, { env });
  const { folder } = await start(context);
  t.same(await readdir(elsewhere), []);
  t.ok((await readdir(folder)).includes('.git'));
});

t.test('a machine without git costs the repository, not the course', async (t) => {
  const context = await testContext(t.testdir({}));
  const folder = await courseIn(context);
  const outcome = await startPortfolio(folder, { ...context, env: { PATH: context.home } });
  t.match(outcome, { problem: 'git-missing' });
  t.same((await readdir(folder)).sort(), ['.gitignore', 'content', 'run.sh']);
});

t.test('a git that fails leaves no half-made repository and says why', async (t) => {
  const context = await testContext(t.testdir({}));
  await writeFile(join(context.home, '.gitconfig'), 'this is no config\n');
  const folder = await courseIn(context);
  t.match(await startPortfolio(folder, context), { problem: 'git-failed', detail: /config/ });
  t.notOk((await readdir(folder)).includes('.git'));
});

t.test('a repository around a folder is noticed', async (t) => {
  const context = await testContext(t.testdir({}));
  const { folder } = await start(context);
  t.match(await repositoryAround(join(folder, 'content'), context), /course$/);
  t.equal(
    await repositoryAround(context.home, { ...context, env: { PATH: context.home } }),
    undefined,
    'no git, no repository',
  );
});
