// Tokens that people manage: what each kind may do, and what `npm token` and `npm profile` are answered.
import { PUBLISH_PATH, TOKENS_PATH, tokenPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { type Answer, bearer, openRegistry, PASSWORD, packCourse, publishRequest } from '../../../harness.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const marta = await registry.signUp('marta');
await registry.publish(diego, await packCourse('@diego/rust', '1.0.0', { course: { private: true } }));
await registry.publish(diego, await packCourse('@diego/go', '1.0.0', { course: { private: true } }));

const send = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
  registry.json(path, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

let asked = 0;
/** Asks for a token, each time from another address: sign-ins from one are limited. */
function create(body: object, by = diego): Promise<Answer> {
  asked += 1;
  const headers = { ...bearer(by), 'CF-Connecting-IP': `192.0.2.${asked}` };
  return send('POST', TOKENS_PATH, headers, { password: PASSWORD, ...body });
}

async function newToken(body: object = {}): Promise<{ token: string; key: string }> {
  const answer = await create(body);
  if (answer.status !== 201) throw new Error(`No token: ${answer.body.error}`);
  return { token: String(answer.body.token), key: String(answer.body.key) };
}

const list = async (token = diego, query = '') =>
  (await registry.json(TOKENS_PATH + query, { headers: bearer(token) })).body as {
    objects: Record<string, unknown>[];
    total: number;
    urls: { next?: string };
  };
const revoke = (keyOrToken: string, by = diego) => send('DELETE', `${TOKENS_PATH}/token/${keyOrToken}`, bearer(by));
const statusOf = async (token: string) => (await registry.json('/-/whoami', { headers: bearer(token) })).status;

let minor = 0;
async function publishNext(name: string, headers: Record<string, string>): Promise<Answer> {
  minor += 1;
  const file = await packCourse(name, `1.${minor}.0`, { course: { private: true } });
  return registry.json(PUBLISH_PATH, { ...publishRequest('', file), headers });
}

/** What a token is tried on, in the order of the columns below. The last ends the token itself. */
const ACTIONS: ((headers: Record<string, string>, token: string) => Promise<Answer>)[] = [
  (headers) => send('GET', '/-/whoami', headers),
  (headers) => send('GET', TOKENS_PATH, headers),
  (headers) => send('GET', '/@diego%2frust', headers),
  (headers) => send('GET', '/@diego%2fgo', headers),
  (headers) => publishNext('@diego/rust', headers),
  (headers) => publishNext('@diego/go', headers),
  (headers) => send('PUT', '/-/package/@diego%2frust/dist-tags/fall', headers, '1.0.0'),
  (headers) => send('PUT', '/-/package/@diego%2fgo/dist-tags/fall', headers, '1.0.0'),
  (headers) => send('POST', TOKENS_PATH, headers, { password: PASSWORD }),
  async (headers) => send('DELETE', `${TOKENS_PATH}/token/${(await newToken()).key}`, headers),
  async (headers) => send('DELETE', tokenPath((await newToken()).token), headers),
  (headers, token) => send('DELETE', tokenPath(token), headers),
];

const NOWHERE = Array<number>(ACTIONS.length);
const INSIDE = '10.1.2.3';
/*                        who tokens  see rust go  publish rust go  tag rust go  create revoke  logout other, self */
const KINDS: [string, object, number[]][] = [
  ['without limits', {}, [200, 200, 200, 200, 201, 201, 200, 200, 201, 204, 200, 200]],
  [
    'read-only, as npm 11 and 12 say it',
    { packages_and_scopes_permission: 'read-only' },
    [200, 200, 200, 200, 403, 403, 403, 403, 403, 403, 403, 200],
  ],
  [
    'read-only, as npm 10 says it',
    { readonly: true, cidr_whitelist: [] },
    [200, 200, 200, 200, 403, 403, 403, 403, 403, 403, 403, 200],
  ],
  [
    'for one course',
    { packages: ['@diego/rust'], packages_and_scopes_permission: 'read-write' },
    [200, 200, 200, 404, 201, 403, 200, 404, 403, 403, 403, 200],
  ],
  ['for the own scope', { scopes: ['diego'] }, [200, 200, 200, 200, 201, 201, 200, 200, 403, 403, 403, 200]],
  [
    'for a scope of somebody else',
    { scopes: ['@marta'] },
    [200, 200, 404, 404, 403, 403, 404, 404, 403, 403, 403, 200],
  ],
  [
    'used from where it may be',
    { cidr_whitelist: ['172.16.0.0/12', '10.1.2.0/24'] },
    [200, 200, 200, 200, 201, 201, 200, 200, 201, 204, 200, 200],
  ],
  ['used from elsewhere', { cidr_whitelist: ['10.1.3.0/24', '10.1.2.4/32'] }, NOWHERE.fill(403)],
];

async function tryAll(token: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const act of ACTIONS) answers.push(await act({ ...bearer(token), 'CF-Connecting-IP': INSIDE }, token));
  return answers;
}

for (const [kind, body, expected] of KINDS) {
  t.test(`a token ${kind}`, async (t) => {
    const answers = await tryAll((await newToken(body)).token);
    t.same(
      answers.map(({ status }) => status),
      expected,
    );
    for (const { status, body } of answers) if (status === 403) t.match(body, { code: 'FORBIDDEN', error: /token/ });
  });
}

for (const [kind, end] of [
  ['revoked', async (key: string) => void (await revoke(key))],
  [
    'expired',
    (key: string) =>
      registry.env.DB.prepare('UPDATE registry_tokens SET expires_at = unixepoch() - 1 WHERE id = ?').bind(key).run(),
  ],
] as [string, (key: string) => Promise<unknown>][]) {
  t.test(`a token that is ${kind} is 401 for everything, and no longer listed`, async (t) => {
    const { token, key } = await newToken();
    await end(key);
    for (const { status, body } of await tryAll(token))
      t.match({ status, body }, { status: 401, body: { code: 'UNAUTHORIZED' } });
    t.notOk((await list()).objects.some((object) => object.key === key));
  });
}

t.test('a refusal says which limit stood in the way', async (t) => {
  const whyNot = async (body: object) =>
    String((await publishNext('@diego/go', bearer((await newToken(body)).token))).body.error);
  t.match(await whyNot({ readonly: true }), /read-only/);
  t.match(await whyNot({ packages: ['@diego/rust'] }), /limited to @diego\/rust and does not reach @diego\/go/);
  t.match(await whyNot({ cidr_whitelist: ['10.0.0.0/8'] }), /may not be used from /);
});

t.test('blocks hold the addresses that their prefix says', async (t) => {
  const table: [string, string, number][] = [
    ['0.0.0.0/0', '203.0.113.9', 200],
    ['128.0.0.0/1', '255.255.255.255', 200],
    ['128.0.0.0/1', '127.255.255.255', 403],
    ['10.1.2.3/24', '10.1.2.200', 200],
    ['10.1.2.3/32', '10.1.2.4', 403],
    ['0.0.0.0/0', '2001:db8::1', 403],
  ];
  for (const [block, address, status] of table) {
    const { token } = await newToken({ cidr_whitelist: [block] });
    const answer = await send('GET', '/-/whoami', { ...bearer(token), 'CF-Connecting-IP': address });
    t.equal(answer.status, status, `${address} in ${block}`);
  }
});

t.test('on this machine, without an edge, requests come from 127.0.0.1', async (t) => {
  t.equal(await statusOf((await newToken({ cidr_whitelist: ['127.0.0.1/32'] })).token), 200);
  t.equal(await statusOf((await newToken({ cidr_whitelist: ['127.0.0.2/32'] })).token), 403);
});

t.test('a new token is shown once with its limits; the list has its start only', async (t) => {
  const limits = { cidr_whitelist: ['127.0.0.0/8'], scopes: ['@diego'], packages: ['@diego/rust'] };
  const { status, headers, body } = await create({ name: 'laptop', readonly: true, expires: 2, ...limits });
  t.equal(status, 201);
  t.match(headers.get('cache-control'), 'no-store');
  t.match(body, { name: 'laptop', readonly: true, ...limits, token: /^progy_[0-9a-f]{60}$/, key: /^[0-9a-f]{32}$/ });
  const days = (Date.parse(String(body.expires)) - Date.parse(String(body.created))) / 86_400_000;
  t.equal(Math.round(days), 2);
  const listed = (await list()).objects.find(({ key }) => key === body.key);
  t.same(listed, { ...body, token: String(body.token).slice(0, 12), current: false });
});

t.test('the list tells the token in use and when each was last used', async (t) => {
  const { token, key } = await newToken({ name: 'mine' });
  const unused = (await list()).objects.find((object) => object.key === key);
  t.match(unused, { lastUsed: null, current: false });
  await list(token);
  const { objects, urls } = await list(token);
  t.same(urls, {});
  t.match(
    objects.find((object) => object.key === key),
    { lastUsed: /Z$/, current: true },
  );
  t.equal(objects.filter(({ current }) => current).length, 1);
});

t.test('a long list comes in pages that hold every token once', async (t) => {
  const { total } = await list();
  const keys: unknown[] = [];
  for (let query: string | undefined = '?perPage=2'; query !== undefined; ) {
    const { objects, urls } = await list(diego, query);
    t.ok(objects.length <= 2);
    keys.push(...objects.map(({ key }) => key));
    query = urls.next?.slice(TOKENS_PATH.length);
  }
  t.equal(keys.length, total);
  t.equal(new Set(keys).size, total);
  for (const query of ['?page=-1', '?perPage=0', '?perPage=101', '?page=x']) {
    t.match(await registry.json(TOKENS_PATH + query, { headers: bearer(diego) }), { status: 400 }, query);
  }
});

t.test('a token is revoked by its key or by itself, by nobody else', async (t) => {
  const [first, second] = [await newToken(), await newToken()];
  for (const named of [first.key, first.token]) {
    t.match(await revoke(named, marta), { status: 404, body: { code: 'NOT_FOUND' } });
  }
  t.equal(await statusOf(first.token), 200);
  t.equal((await revoke(first.key)).status, 204);
  t.equal((await revoke(second.token)).status, 204);
  t.same([await statusOf(first.token), await statusOf(second.token)], [401, 401]);
  t.match(await revoke(first.key), { status: 404, body: { code: 'NOT_FOUND' } });
  t.notOk((await list(marta)).objects.some(({ key }) => key === first.key));
});

t.test('what the registry would not enforce is 400 with its name, and makes no token', async (t) => {
  const { total } = await list();
  const table: [object, RegExp][] = [
    [{ orgs: ['progy'] }, /orgs/],
    [{ orgs_permission: 'read-only' }, /orgs_permission/],
    [{ bypass_2fa: true }, /bypass_2fa/],
    [{ description: 'for CI' }, /description/],
    [{ packages_and_scopes_permission: 'read-write-stage-only' }, /packages_and_scopes_permission/],
    [{ packages_and_scopes_permission: 'no-access' }, /packages_and_scopes_permission/],
    [{ packages_all: true, packages: ['@diego/rust'] }, /all packages or some/],
    [{ packages: ['rust'] }, /package name/],
    [{ packages: [] }, /packages/],
    [{ scopes: ['@Diego'] }, /scope/],
    [{ cidr_whitelist: ['10.0.0.0'] }, /cidr_whitelist/],
    [{ cidr_whitelist: ['10.0.0.0/33'] }, /cidr_whitelist/],
    [{ cidr_whitelist: ['2001:db8::/32'] }, /cidr_whitelist/],
    [{ cidr_whitelist: '10.0.0.0/8' }, /cidr_whitelist/],
    [{ expires: 0 }, /expires/],
    [{ expires: null }, /expires/],
    [{ expires: 1.5 }, /expires/],
    [{ readonly: 'yes' }, /readonly/],
    [{ name: '\u001b[2J' }, /name/],
    [{ password: undefined }, /password/],
  ];
  for (const [body, says] of table) {
    t.match(await create(body), { status: 400, body: { error: says } }, JSON.stringify(body));
  }
  t.equal((await list()).total, total);
});

t.test('a wrong password makes no token; the 401 does not blame the token', async (t) => {
  const { total } = await list();
  const { status, headers, body } = await create({ password: 'not the password' });
  t.equal(status, 401);
  t.match(body, { code: 'UNAUTHORIZED', error: /password/ });
  t.equal(headers.get('www-authenticate'), null);
  t.equal((await list()).total, total);
});

t.test('guessing the password of a token that was found is 429 before long', async (t) => {
  const statuses: number[] = [];
  // The minute that is counted may end in between, once.
  while (statuses.at(-1) !== 429 && statuses.length < 41)
    statuses.push((await send('POST', TOKENS_PATH, bearer(marta), { password: `guess ${statuses.length}` })).status);
  t.equal(statuses[0], 401);
  t.equal(statuses.at(-1), 429);
});

t.test('everything about tokens and the profile is 401 without one', async (t) => {
  for (const [method, path] of [
    ['GET', TOKENS_PATH],
    ['POST', TOKENS_PATH],
    ['DELETE', `${TOKENS_PATH}/token/abc`],
    ['GET', '/-/npm/v1/user'],
  ] as const) {
    t.match(await send(method, path, {}), { status: 401, body: { code: 'UNAUTHORIZED' } }, `${method} ${path}`);
  }
});

t.test('the profile is the account’s own, with the email it gave', async (t) => {
  const body = { name: 'ana', password: PASSWORD, email: 'ana@example.com' };
  const signedUp = await send('PUT', '/-/user/org.couchdb.user:ana', {}, body);
  const { status, headers, body: profile } = await send('GET', '/-/npm/v1/user', bearer(String(signedUp.body.token)));
  t.equal(status, 200);
  t.match(headers.get('cache-control'), 'private');
  t.match(profile, {
    tfa: false,
    name: 'ana',
    email: 'ana@example.com',
    email_verified: false,
    fullname: 'ana',
    created: /Z$/,
    updated: /Z$/,
  });
});

t.test('making and revoking a token is in the audit log, without anything that opens', async (t) => {
  const { token, key } = await newToken({ name: 'ci', expires: 7, packages: ['@diego/rust'] });
  await revoke(key);
  const sql = "SELECT * FROM registry_audit_log WHERE subject = 'diego' ORDER BY id DESC LIMIT 2";
  const { results } = await registry.env.DB.prepare(sql).all<Record<string, string>>();
  const told = { key, name: 'ci', readonly: false, courses: ['@diego/rust'], expires: /^\d{4}-/ };
  t.match(results, [
    { action: 'token revoke', username: 'diego', token_id: /^[0-9a-f]{32}$/, after: null },
    { action: 'token create', username: 'diego', token_id: /^[0-9a-f]{32}$/, before: null },
  ]);
  t.match(JSON.parse(results[0]?.before ?? ''), told);
  t.match(JSON.parse(results[1]?.after ?? ''), told);
  const { results: all } = await registry.env.DB.prepare('SELECT * FROM registry_audit_log').all();
  t.notMatch(JSON.stringify(all), token.slice(6, 20));
});
