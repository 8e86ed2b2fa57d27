// `progy init` that keeps the course elsewhere too: the course is there, whatever becomes of that.
import { execFileSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { run, views } from '../../commands/init.ts';
import { explainError } from '../../explain-error.ts';
import type { InitOptions } from '../../usage/init.ts';
import { testContext } from '../helpers/context.ts';
import { servingVersions, smallTarball } from '../helpers/course-server.ts';
import { serveFaults } from '../helpers/fault-server.ts';
import { git } from '../helpers/student-course.ts';

const NAME = '@diego/rust';
const tarball = await smallTarball(NAME, '1.0.0');

/** A student who is signed in to a registry that does not offer GitHub, and has no gh. */
async function student(t: Test, options: Parameters<typeof testContext>[1] & { signedIn?: boolean } = {}) {
  const server = await serveFaults(servingVersions(tarball));
  t.teardown(server.close);
  const folder = t.testdir({});
  const context = await testContext(folder, options);
  const { host } = new URL(server.url);
  if (options.signedIn ?? true) await writeFile(join(context.home, '.npmrc'), `//${host}/:_authToken=progy_token\n`);
  const init = (options: Partial<InitOptions> = {}) =>
    run({ spec: NAME, git: true, registry: server.url, ...options }, context);
  return { folder, context, init, server };
}

t.test('--remote: the first commit is there too', async (t) => {
  const { folder, init, context } = await student(t);
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', join(folder, 'rust.git')]);
  const result = await init({ remote: '../rust.git' });
  const head = git(join(context.cwd, 'rust'), 'rev-parse', 'HEAD');
  t.equal(git(join(folder, 'rust.git'), 'rev-parse', 'main'), head);
  t.match(views.human(result), /\n {2}kept {3}at\s+\S+\/rust\.git\s+too\n/);
  t.match(views.json(result), { portfolio: { way: 'remote', commit: head } });
  t.notOk('success' in views.json(result));
  t.equal(views.exitCode?.(result), 0);
});

t.test('what does not work leaves the course, says how to finish, and ends with 1', async (t) => {
  const { init, context, server } = await student(t);
  const result = await init({ github: true });
  t.equal(git(join(context.cwd, 'rust'), 'status', '--porcelain'), '');
  t.equal(git(join(context.cwd, 'rust'), 'log', '--format=%s'), 'Start @diego/rust 1.0.0');
  t.match(
    views.human(result),
    /only here: \S+ does not offer GitHub \(NOT_OFFERED\)\n +Use another way: progy portfolio --gh/,
  );
  t.match(views.human(result), /\nNext: cd rust, then: progy next$/, 'the course goes on');
  t.match(views.json(result), { success: false, version: '1.0.0', portfolio: { code: 'NOT_OFFERED', next: /--gh/ } });
  t.equal(views.exitCode?.(result), 1);
  t.ok(server.requests.some(({ method, url }) => `${method} ${url}` === 'POST /git/ensure-repo'));
  const failed = await init({ dir: 'other', remote: '../nowhere.git' });
  t.match(views.json(failed), {
    portfolio: { code: 'PUSH_FAILED', next: /cd other && git push --set-upstream origin main/ },
  });
});

t.test('what makes no sense is refused before anything is asked for', async (t) => {
  const { init, context, server } = await student(t);
  const table: [Partial<InitOptions>, object][] = [
    [
      { github: true, remote: 'x' },
      { code: 'USAGE', error: /exclude each other/ },
    ],
    [
      { github: true, git: false },
      { code: 'USAGE', error: /nothing to push/ },
    ],
    [{ remote: 'ext::sh -c id' }, { code: 'REMOTE_INVALID' }],
    [{ remote: 'https://a:b@git.test/x' }, { code: 'REMOTE_INVALID' }],
  ];
  for (const [options, expected] of table) t.match(await init(options).catch(explainError), expected);
  t.same(await readdir(context.cwd), []);
  t.same(server.requests, []);
});

t.test('whoever watches, is signed in and says nothing is asked once; nobody else is', async (t) => {
  const table: [string, Parameters<typeof student>[1], Partial<InitOptions>, boolean][] = [
    ['yes', { answers: ['yes'], watched: true }, {}, true],
    ['no', { answers: ['no'], watched: true }, {}, false],
    ['a terminal without a keyboard', { watched: true }, {}, false],
    ['--yes', { answers: ['yes'], watched: true }, { yes: true }, false],
    ['no repository', { answers: ['yes'], watched: true }, { git: false }, false],
    ['piped, or in CI', { answers: ['yes'] }, {}, false],
    ['not signed in', { answers: ['yes'], watched: true, signedIn: false }, {}, false],
  ];
  for (const [title, options, given, isKept] of table) {
    await t.test(title, async (t) => {
      const { init } = await student(t, options);
      const { portfolio } = await init(given);
      t.equal(portfolio !== undefined, isKept);
    });
  }
});
