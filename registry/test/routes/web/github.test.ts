// Signing in with GitHub: offered if it is set up, and a username chosen once.
import t, { type Test } from 'tap';
import { openRegistry, PASSWORD } from '../../harness.ts';
import { type GitHubUser, standInForGitHub } from '../../helpers/github.ts';
import { beginAt, type Page, Visitor } from '../../helpers/visitor.ts';

const GITHUB = { GITHUB_CLIENT_ID: 'client-of-ours', GITHUB_CLIENT_SECRET: 'secret-of-ours' };
const registry = await openRegistry(t, GITHUB);
await registry.signUp('diego');

/** Goes through GitHub, which says who it is, and back. */
async function signIn(t: Test, visitor: Visitor, user: GitHubUser, code = ''): Promise<Page> {
  standInForGitHub(t, user);
  const there = new URL((await visitor.post('/login/github', { code })).location);
  const back = new URL(String(there.searchParams.get('redirect_uri')));
  return visitor.get(`${back.pathname}?code=from-github&state=${there.searchParams.get('state')}`);
}

t.test('where it is not set up it is offered nowhere, and its addresses are 404', async (t) => {
  const without = await openRegistry(t);
  const visitor = new Visitor(without);
  for (const path of ['/login', '/signup']) {
    const { html, headers } = await visitor.get(path);
    t.notMatch(html, /github/i);
    t.notMatch(headers.get('content-security-policy'), 'github');
  }
  t.match(await visitor.post('/login/github', {}), { status: 404, text: /not set up on this registry/ });
  const body = JSON.stringify({ provider: 'github' });
  const headers = { 'Content-Type': 'application/json', Origin: 'http://registry.test' };
  for (const [path, init] of [
    ['/api/auth/sign-in/social', { method: 'POST', headers, body }],
    ['/api/auth/callback/github?code=x&state=y', {}],
  ] as const) {
    t.match(await without.json(path, init), { status: 404, body: { code: 'NOT_FOUND', error: /not set up/ } }, path);
  }
});

t.test('one half of what it takes is none', async (t) => {
  const half = await openRegistry(t, { GITHUB_CLIENT_ID: 'client-of-ours' });
  t.notMatch((await new Visitor(half).get('/login')).html, /github/i);
});

t.test('it is offered on both pages, and leads to GitHub with a state and the way back', async (t) => {
  const visitor = new Visitor(registry);
  for (const path of ['/login', '/signup']) t.match((await visitor.get(path)).text, 'Continue with GitHub');
  const { status, location } = await visitor.post('/login/github', {});
  const { origin, pathname, searchParams } = new URL(location);
  t.same([status, origin + pathname], [303, 'https://github.com/login/oauth/authorize']);
  t.match(Object.fromEntries(searchParams), {
    client_id: 'client-of-ours',
    redirect_uri: 'http://registry.test/api/auth/callback/github',
    scope: 'read:user user:email',
    state: /\S{20}/,
  });
});

t.test('the policy of the page lets its form go there, and nowhere else', async (t) => {
  const { headers } = await new Visitor(registry).get('/login');
  t.match(headers.get('content-security-policy'), "form-action 'self' https://github.com;");
});

t.test('whoever comes from GitHub chooses a username once; it is the scope, and the log has it', async (t) => {
  const code = await beginAt(registry);
  const visitor = new Visitor(registry);
  const user = { id: 1, login: 'Ada', name: 'Ada Lovelace', email: 'ada@example.com' };
  t.match(await signIn(t, visitor, user, code), { status: 302, location: `/login?code=${code}` });
  const { html } = await visitor.get(`/login?code=${code}`);
  t.match(html, 'Choose a username');
  t.match(html, 'value="ada"', 'the name at GitHub is proposed');
  t.match(await visitor.decide(code, 'approved'), { location: `/login?code=${code}` }, 'nothing is approved before');
  for (const [username, status, sentence] of [
    ['diego', 409, /The name diego is taken/],
    ['d1ego', 409, /looks too much like diego/],
    ['npm', 400, /reserved/],
    ['Ada', 400, /lower-case/],
  ] as const)
    t.match(await visitor.post('/login/username', { code, username }), { status, text: sentence }, username);
  t.match(await visitor.post('/login/username', { code, username: 'ada' }), { location: `/login?code=${code}` });
  await visitor.post('/login/username', { code, username: 'other' });
  t.match((await visitor.get(`/login?code=${code}`)).text, /sign in as ada\?/, 'the second choice changes nothing');
  t.match(await visitor.decide(code, 'approved'), { location: '/login/approved' });
  const { DB } = registry.env;
  const log = "SELECT username FROM registry_audit_log WHERE action = 'account create' AND subject = 'ada'";
  t.equal((await DB.prepare(log).all()).results.length, 1);
  const scope = 'SELECT registry_scopes.name FROM registry_scopes JOIN user ON user.id = user_id WHERE email = ?';
  t.equal(await DB.prepare(scope).bind('ada@example.com').first('name'), 'ada');
});

t.test('coming back signs in to the same account, without choosing again', async (t) => {
  const visitor = new Visitor(registry);
  await signIn(t, visitor, { id: 1, login: 'Ada-renamed', name: 'Ada', email: 'ada@example.com' });
  t.match((await visitor.get('/login')).text, /Signed in as ada\b/);
});

t.test('nothing of GitHub is kept but who it is, the name and the email', async (t) => {
  await signIn(t, new Visitor(registry), { id: 1, login: 'Ada', name: 'Ada', email: 'ada@example.com' });
  const { results } = await registry.env.DB.prepare('SELECT * FROM account JOIN user ON user.id = user_id').all();
  t.match(
    results.map((row) => [row.provider_id, row.account_id, row.email]),
    [['credential'], ['github', '1', 'ada@example.com']],
  );
  t.notMatch(JSON.stringify(results), /gho_secret|avatars\.example|Lovelace/);
});

t.test('the email of an account with a password does not let GitHub into it, nor the other way round', async (t) => {
  await new Visitor(registry).post('/login/sign-up', {
    username: 'ines',
    email: 'ines@example.com',
    password: PASSWORD,
  });
  const visitor = new Visitor(registry);
  const { location } = await signIn(t, visitor, { id: 2, login: 'ines', name: 'Ines', email: 'ines@example.com' });
  t.match((await visitor.get(location)).text, /account with the email address of your GitHub account already exists/);
  t.match((await visitor.get('/login')).text, /Username or email/, 'nobody is signed in');
});

t.test(
  'a person who changes their mind at GitHub, and a state that is made up, end at the page with a sentence',
  async (t) => {
    const visitor = new Visitor(registry);
    const there = new URL((await visitor.post('/login/github', {})).location);
    for (const query of [`error=access_denied&state=${there.searchParams.get('state')}`, 'code=x&state=made-up', '']) {
      const { status, location } = await visitor.get(`/api/auth/callback/github?${query}`);
      t.match({ status, location }, { status: 302, location: /^(?:http:\/\/registry\.test)?\/login\?/ }, query);
      const { pathname, search } = new URL(location, 'http://registry.test');
      t.match((await visitor.get(pathname + search)).text, /Signing in with GitHub did not work/);
    }
  },
);

t.test('a way back to another site is refused', async (t) => {
  for (const callbackURL of ['https://evil.example', '//evil.example']) {
    const body = JSON.stringify({ provider: 'github', callbackURL });
    const headers = { 'Content-Type': 'application/json', Origin: 'http://registry.test' };
    const answer = await registry.json('/api/auth/sign-in/social', { method: 'POST', headers, body });
    t.match(answer, { status: 403, body: { code: 'FORBIDDEN' } }, callbackURL);
  }
});
