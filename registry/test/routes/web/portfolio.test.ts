// The page on which a student lets the registry make a repository at GitHub: who gets there, and what can go wrong.
import { PORTFOLIO_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { startGitHost } from '../../../../fixtures/git-host.ts';
import { openRegistry, PASSWORD } from '../../harness.ts';
import { allow, GITHUB_APP, GITHUB_TOKEN, standInForGitHubApi } from '../../helpers/github-api.ts';
import { Visitor } from '../../helpers/visitor.ts';

const registry = await openRegistry(t, GITHUB_APP);
const host = await startGitHost(t.testdir({}), GITHUB_TOKEN);
t.teardown(() => host.close());

const count = (statement: string) => registry.env.DB.prepare(statement).first('n');
const GRANTS = "SELECT count(*) AS n FROM verification WHERE identifier LIKE 'github-grant:%'";

t.test('whoever is not signed in does that first, and comes back once', async (t) => {
  await registry.signUp('ana');
  const browser = new Visitor(registry);
  t.match(await browser.get(PORTFOLIO_PAGE_PATH), { status: 303, location: '/login' });
  t.match(await browser.get('/login'), { status: 200, text: /Username or email/ });
  const signedIn = await browser.post('/login/sign-in', { login: 'ana', password: PASSWORD });
  t.match(await browser.get(signedIn.location), { status: 303, location: PORTFOLIO_PAGE_PATH });
  t.match((await browser.get(PORTFOLIO_PAGE_PATH)).text, /Keep your work on GitHub.*Signed in as ana/);
  t.match(await browser.get('/login'), { status: 200 }, 'later it is the page that it was');
  t.match(await new Visitor(registry).post(PORTFOLIO_PAGE_PATH, {}), { status: 303, location: '/login' });
});

t.test('a form of another site changes nothing', async (t) => {
  const browser = new Visitor(registry);
  await browser.signUp('bea');
  const answer = await browser.post(PORTFOLIO_PAGE_PATH, {}, { Origin: 'https://evil.example' });
  t.match(answer, { status: 403, location: '' });
});

t.test('whoever came from GitHub to begin with gives the permission too', async (t) => {
  standInForGitHubApi(t, host, 10);
  const browser = new Visitor(registry);
  const there = new URL((await browser.post('/login/github', {})).location);
  t.equal(there.searchParams.get('scope'), 'read:user user:email', 'signing in asks for no more');
  const back = new URL(String(there.searchParams.get('redirect_uri')));
  await browser.get(`${back.pathname}?code=x&state=${there.searchParams.get('state')}`);
  t.equal(await count(GRANTS), 0, 'signing in gives none');
  t.match(await browser.get(PORTFOLIO_PAGE_PATH), { status: 303, location: '/login' }, 'a username comes first');
  await browser.post('/login/username', { username: 'cleo' });
  t.match(await browser.get('/login'), { location: PORTFOLIO_PAGE_PATH });
  t.match(await allow(browser), { location: '/portfolio/github/done' });
  t.equal(await count(GRANTS), 1);
  t.match(await allow(browser), { location: '/portfolio/github/done' });
  t.equal(await count(GRANTS), 1, 'a new one in the place of the old');
  t.equal(await count('SELECT count(*) AS n FROM account WHERE access_token IS NOT NULL'), 0);
});

t.test(
  'an account at GitHub that is somebody else’s here, and a person who says no, come back to a sentence',
  async (t) => {
    standInForGitHubApi(t, host, 10);
    const browser = new Visitor(registry);
    await browser.signUp('dora');
    const { location } = await allow(browser);
    t.match((await browser.get(location)).text, /belongs to another account of this registry/);
    const there = new URL((await browser.post(PORTFOLIO_PAGE_PATH, {})).location);
    const denied = await browser.get(
      `/api/auth/callback/github?error=access_denied&state=${there.searchParams.get('state')}`,
    );
    t.match((await browser.get(denied.location)).text, /You did not allow it at GitHub/);
    t.match((await browser.get(`${PORTFOLIO_PAGE_PATH}?error=<b>x`)).text, /It did not work at GitHub/);
  },
);

t.test('a way back from GitHub that somebody else began links nothing', async (t) => {
  standInForGitHubApi(t, host, 11);
  const [attacker, victim] = [new Visitor(registry), new Visitor(registry)];
  await attacker.signUp('eve');
  await victim.signUp('flora');
  const there = new URL((await attacker.post(PORTFOLIO_PAGE_PATH, {})).location);
  const before = await count(GRANTS);
  const { location } = await victim.get(`/api/auth/callback/github?code=x&state=${there.searchParams.get('state')}`);
  t.match(location, /error=/);
  t.equal(await count(GRANTS), before);
});
