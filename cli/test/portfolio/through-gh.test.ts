// A portfolio through gh: the real program, where it is installed, with an API that answers through a proxy.
import { execFileSync } from 'node:child_process';
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { type GitHost, startGitHost } from '../../../fixtures/git-host.ts';
import { run } from '../../commands/portfolio.ts';
import { explainError } from '../../explain-error.ts';
import { testContext } from '../helpers/context.ts';
import { recordGit } from '../helpers/recorded-git.ts';
import { startStudentCourse } from '../helpers/student-course.ts';

const TOKEN = 'gho_of_gh';
const NAME = 'progy-rust-mastery-portfolio';
/** Somebody makes it between the question and the order. */
const RACED = `${NAME}-2`;

const TAKEN = {
  message: 'Repository creation failed.',
  errors: [{ resource: 'Repository', code: 'custom', field: 'name', message: 'name already exists on this account' }],
};

/** Where gh is; undefined if it is not installed. */
function whereGhIs(): string | undefined {
  try {
    return dirname(execFileSync('sh', ['-c', 'command -v gh'], { encoding: 'utf8' }).trim());
  } catch {
    return undefined;
  }
}

/** gh speaks plain HTTP to the host github.localhost, for GitHub's own developers, and goes through a proxy. */
async function startApi(t: Test, host: GitHost, repositories: Set<string>) {
  const document = (name: string) => ({
    name,
    full_name: `ana-gh/${name}`,
    private: true,
    clone_url: `${host.url}/ana-gh/${name}.git`,
    html_url: `https://github.com/ana-gh/${name}`,
    owner: { login: 'ana-gh' },
  });
  const answerTo = (request: string, body: string): [number, object] => {
    const [, name = '', branches] = /^GET \/repos\/ana-gh\/([^/]+)(\/branches)?$/.exec(request) ?? [];
    if (request === 'GET /user') return [200, { login: 'ana-gh' }];
    if (request === 'POST /user/repos') {
      const { name: wanted, private: isPrivate } = JSON.parse(body) as { name: string; private: boolean };
      if (!isPrivate || repositories.has(wanted)) return [422, TAKEN];
      repositories.add(wanted);
      host.create(`ana-gh/${wanted}.git`);
      return [201, document(wanted)];
    }
    if (name === RACED || !repositories.has(name)) return [404, { message: 'Not Found' }];
    if (branches === undefined) return [200, document(name)];
    return [200, Object.keys(host.branches(`ana-gh/${name}.git`)).map((branch) => ({ name: branch }))];
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [status, answer] = answerTo(`${request.method} ${new URL(request.url ?? '').pathname}`, body);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function student(folder: string, env: Record<string, string | undefined>) {
  const context = await testContext(folder, { env });
  const head = await startStudentCourse(context.cwd);
  return { context, head };
}

t.test('without gh, and with one that is not signed in, it says what to do', async (t) => {
  const { context } = await student(t.testdir({ bin: {} }), {});
  const git = dirname(execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim());
  const bin = join(t.testdirName, 'bin');
  await symlink(join(git, 'git'), join(bin, 'git'));
  const here = { ...context, env: { ...context.env, PATH: bin } };
  t.match(await run({ gh: true }, here).catch(explainError), {
    code: 'GH_NOT_READY',
    error: 'gh is not installed',
    next: 'Get it: https://cli.github.com',
  });
  await writeFile(join(bin, 'gh'), '#!/bin/sh\necho "no oauth token" >&2\nexit 1\n');
  await chmod(join(bin, 'gh'), 0o755);
  t.match(await run({ gh: true }, here).catch(explainError), {
    code: 'GH_NOT_READY',
    next: 'Sign in with: gh auth login',
  });
});

const gh = whereGhIs();
t.test(
  'a private repository, a number where the name is taken, the push, and the push after it',
  { skip: gh === undefined && 'gh is not installed' },
  async (t) => {
    const folder = t.testdir({ host: {} });
    const host = await startGitHost(join(folder, 'host'), TOKEN);
    t.teardown(() => host.close());
    host.create(`ana-gh/${NAME}.git`);
    host.commit(`ana-gh/${NAME}.git`);
    const api = await startApi(t, host, new Set([NAME, RACED]));
    const recorded = await recordGit(join(folder, 'bin'));
    const env = {
      PATH: recorded.PATH,
      GH_HOST: 'github.localhost',
      GH_TOKEN: TOKEN,
      http_proxy: api,
      no_proxy: '127.0.0.1',
    };
    const { context, head } = await student(folder, env);
    const url = `${host.url}/ana-gh/${NAME}-3.git`;
    t.match(await run({ gh: true }, context), { way: 'gh', created: true, url, commit: head });
    t.same(host.branches(`ana-gh/${NAME}-3.git`), { main: head });
    t.match(await run({ gh: true }, context), { way: 'gh', created: false, url });
    const traces = [recorded.calls().join('\n'), await readFile(join(context.cwd, '.git/config'), 'utf8')];
    for (const text of traces) t.notMatch(text, TOKEN);
  },
);
