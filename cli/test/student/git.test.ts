import t from 'tap';
import { gitEnvironment, gitIn } from '../../student/git.ts';
import { testContext } from '../helpers/context.ts';

t.test('git’s own variables do not reach it, except who the person is', async (t) => {
  const env = gitEnvironment({
    PATH: '/bin',
    GIT_DIR: '/elsewhere',
    git_index_file: '/elsewhere/index',
    GIT_CONFIG_COUNT: '1',
    GIT_AUTHOR_NAME: 'Ana',
    GIT_COMMITTER_EMAIL: 'ana@example.com',
  });
  t.match(env, {
    PATH: '/bin',
    GIT_AUTHOR_NAME: 'Ana',
    GIT_COMMITTER_EMAIL: 'ana@example.com',
    GIT_TERMINAL_PROMPT: '0',
  });
  for (const name of ['GIT_DIR', 'git_index_file', 'GIT_CONFIG_COUNT']) t.equal(env[name], undefined, name);
});

t.test('what git prints is the answer, what it complains about is the error', async (t) => {
  const { cwd, env, signal } = await testContext(t.testdir({}));
  const git = gitIn(cwd, env, signal);
  t.match(await git.run('--version'), /^git version \d/);
  await t.rejects(git.run('no-such-command'), { name: 'GitError', missing: false, message: /no-such-command/ });
});

t.test('a machine without git is told apart', async (t) => {
  const { cwd, signal } = await testContext(t.testdir({}));
  await t.rejects(gitIn(cwd, { PATH: cwd }, signal).run('--version'), { name: 'GitError', missing: true });
});

t.test('Ctrl-C ends git', async (t) => {
  const reason = new Error('interrupted');
  const { cwd, env, signal } = await testContext(t.testdir({}), { signal: AbortSignal.abort(reason) });
  await t.rejects(gitIn(cwd, env, signal).run('--version'), reason);
});
