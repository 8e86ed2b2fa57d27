// The table of errors: every code can occur over HTTP, with its status, a sentence, and evidence.
import { ERRORS, type ErrorCode } from '@progy/protocol/errors.ts';
import { ENSURE_REPO_PATH } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { courseZip } from '../../fixtures/archives.ts';
import { startGitHost } from '../../fixtures/git-host.ts';
import { type Answer, bearer, openRegistry, PASSWORD, packCourse, signIn, type TestRegistry } from './harness.ts';
import { allow, GITHUB_APP, GITHUB_TOKEN, standInForGitHubApi } from './helpers/github-api.ts';
import { lock, type Store } from './helpers/local-state.ts';
import { askerOf } from './helpers/people.ts';
import { openStarted } from './helpers/started-registry.ts';
import { Visitor } from './helpers/visitor.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const course = await packCourse('@diego/rust');
await registry.publish(diego, course);

/** Its storage can be taken away, and it has room for three versions an hour. */
const started = await openStarted(t, { vars: { PUBLISH_VERSIONS_PER_HOUR: '3' } });
const ana = await started.signUp('ana');
const publishThere = async (version: string) => started.publish(ana, await packCourse('@ana/go', version));
await publishThere('1.0.0');

const provoked = new Set<string>();

/** What a client must find in the answer: the sentence, and evidence as fields. */
interface Expected {
  error: RegExp;
  [field: string]: unknown;
}

/** Asserts one answer, and notes that its code can be met. */
function isAnswer(t: Test, code: ErrorCode, { status, headers, body }: Answer, expected: Expected): void {
  provoked.add(code);
  t.equal(status, ERRORS[code].status);
  t.match(body, { ...expected, code });
  t.equal(body.message, body.error, 'one sentence for both kinds of npm');
  t.equal(headers.get('cache-control'), 'no-store');
  t.match(headers.get('content-type'), 'application/json');
}

const publish = (file: Uint8Array, metadata?: unknown) => registry.publish(diego, file, metadata);
const put = (path: string, body: object, headers = {}) =>
  registry.json(path, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** Everything that a client can bring about by itself. */
const table: [ErrorCode, () => Promise<Answer>, Expected][] = [
  ['INVALID_NAME', () => publish(course, { name: 'Rust' }), { error: /@username\/slug/, found: 'Rust' }],
  ['INVALID_VERSION', () => publish(course, { version: 'v1.0.0' }), { error: /semantic version/, found: 'v1.0.0' }],
  ['INVALID_TAG', () => publish(course, { tag: '1.x' }), { error: /dist-tag/, found: '1.x' }],
  [
    'INVALID_COURSE',
    async () => publish(await packCourse('@diego/rust', '1.1.0', { course: { keywords: 'rust' } })),
    { error: /keywords/, path: 'keywords', problem: /array/ },
  ],
  [
    'INVALID_ARTIFACT',
    () => publish(courseZip([{ name: 'content/.git/config' }])),
    { error: /\.git/, path: 'content/.git/config', problem: /git/ },
  ],
  [
    'INVALID_REQUEST',
    () => registry.json('/registry/publish', { method: 'POST', headers: bearer(diego), body: '{}' }),
    { error: /multipart\/form-data/ },
  ],
  [
    'METADATA_MISMATCH',
    () => publish(course, { version: '9.9.9' }),
    { error: /9\.9\.9.*1\.0\.0/, field: 'version', found: '9.9.9', expected: '1.0.0' },
  ],
  [
    'TAG_REQUIRED',
    async () => publish(await packCourse('@diego/rust', '2.0.0-beta.1')),
    { error: /tag other than latest/, version: '2.0.0-beta.1' },
  ],
  ['UNAUTHORIZED', () => registry.json('/-/whoami', { headers: bearer('progy_unknown') }), { error: /token/ }],
  [
    'FORBIDDEN',
    async () => publish(await packCourse('@marta/sql')),
    { error: /signed in as diego/, scope: 'marta', username: 'diego' },
  ],
  ['NOT_FOUND', () => registry.json('/nothing/here/at/all'), { error: /GET \/nothing\/here\/at\/all/ }],
  ['PACKAGE_NOT_FOUND', () => registry.json('/@diego%2fgo'), { error: /@diego\/go/, name: '@diego/go' }],
  [
    'VERSION_NOT_FOUND',
    () => registry.json('/@diego%2frust/9.9.9'),
    { error: /@diego\/rust@9\.9\.9/, name: '@diego/rust', version: '9.9.9' },
  ],
  [
    'METHOD_NOT_ALLOWED',
    () => put('/-/package/@diego%2frust/dist-tags', { latest: '1.0.0' }, bearer(diego)),
    { error: /npm dist-tag add/, name: '@diego/rust' },
  ],
  [
    'REVISION_CONFLICT',
    () => put('/@diego%2frust', { _rev: '1-another', versions: { '1.0.0': { deprecated: 'old' } } }, bearer(diego)),
    { error: /Run the command again/, name: '@diego/rust' },
  ],
  [
    'VERSION_EXISTS',
    async () => publish(await packCourse('@diego/rust', '1.0.0', { files: { 'content/more.md': 'more' } })),
    { error: /increment version/, version: '1.0.0' },
  ],
  [
    'NAME_TAKEN',
    async () => {
      const withEmail = (name: string) => ({ name, password: PASSWORD, email: 'one@example.com' });
      await put('/-/user/org.couchdb.user:ana', withEmail('ana'));
      return put('/-/user/org.couchdb.user:rui', withEmail('rui'));
    },
    { error: /exists/ },
  ],
  [
    'PAYLOAD_TOO_LARGE',
    () => put('/-/user/org.couchdb.user:diego', { name: 'diego', password: 'x'.repeat(17 * 1024) }),
    { error: /large/ },
  ],
];

for (const [code, provoke, expected] of table) {
  t.test(`${code} is ${ERRORS[code].status}`, async (t) => isAnswer(t, code, await provoke(), expected));
}

t.test('ARTIFACT_MISSING: the version exists and its object does not', async (t) => {
  await publish(await packCourse('@diego/lost'));
  const { objects } = await registry.env.R2.list({ prefix: 'packages/@diego/lost/' });
  await registry.env.R2.delete(objects.map(({ key }) => key));
  isAnswer(t, 'ARTIFACT_MISSING', await registry.json('/@diego/lost/-/lost-1.0.0.tgz'), { error: /cannot be read/ });
});

for (const [store, version, code, expected] of [
  ['d1', '1.1.0', 'UNAVAILABLE', { error: /busy/, retryAfter: 2 }],
  ['r2', '1.2.0', 'R2_UPLOAD_FAILED', { error: /upload failed/ }],
] as [Store, string, ErrorCode, Expected][]) {
  t.test(`${code}: ${store} takes no writes; reading goes on, and publishing when it is back`, async (t) => {
    const unlock = lock(started.state, store);
    const answer = await publishThere(version);
    isAnswer(t, code, answer, expected);
    t.equal(answer.headers.get('retry-after'), expected.retryAfter === undefined ? null : String(expected.retryAfter));
    t.equal((await started.fetch('/@ana%2fgo')).status, 200);
    unlock();
    t.equal((await publishThere(version)).status, 201);
  });
}

t.test('GITHUB_NOT_LINKED, GITHUB_REFUSED, GITHUB_UNAVAILABLE: no repository is made', async (t) => {
  const withGitHub = await openRegistry(t, GITHUB_APP);
  const host = await startGitHost(t.testdir({}), GITHUB_TOKEN);
  t.teardown(() => host.close());
  const github = standInForGitHubApi(t, host, 1);
  const browser = new Visitor(withGitHub);
  await browser.signUp('ana');
  const token = await withGitHub.signUp('ana');
  const ensure = () => askerOf(withGitHub)(token, 'POST', ENSURE_REPO_PATH, { course: '@ana/go' });
  isAnswer(t, 'GITHUB_NOT_LINKED', await ensure(), { error: /not let/, page: 'http://registry.test/portfolio/github' });
  await allow(browser);
  github.intercept = () => ({ status: 403, body: { message: 'Account suspended' } });
  isAnswer(t, 'GITHUB_REFUSED', await ensure(), { error: /Account suspended/ });
  github.intercept = () => 'silence';
  isAnswer(t, 'GITHUB_UNAVAILABLE', await ensure(), { error: /does not answer/, retryAfter: 60 });
});

t.test('RATE_LIMITED says how long to wait, in the body and in Retry-After', async (t) => {
  const answer = await publishThere('1.3.0');
  isAnswer(t, 'RATE_LIMITED', answer, { error: /3 versions in an hour/, retryAfter: Number });
  t.equal(answer.headers.get('retry-after'), String(answer.body.retryAfter));
});

/** An INTERNAL is for the operator: the log has the cause, the client nothing of it. */
function isKeptFrom(t: Test, { logs }: TestRegistry, answer: Answer, cause: RegExp): void {
  isAnswer(t, 'INTERNAL', answer, { error: /registry failed/ });
  t.same(Object.keys(answer.body).sort(), ['code', 'error', 'message', 'requestId'], 'the answer tells nothing else');
  const log = logs().find((line) => line.includes(String(answer.body.requestId)));
  t.match(log, cause, 'the log names the same request');
}

t.test('INTERNAL: a var that makes no sense is logged and not told', async (t) => {
  const misconfigured = await openRegistry(t, { PUBLISH_VERSIONS_PER_HOUR: 'many' });
  const answer = await misconfigured.json('/@diego%2frust');
  isKeptFrom(t, misconfigured, answer, /GET \/@diego\/rust:.*PUBLISH_VERSIONS_PER_HOUR must be a whole number/s);
});

t.test('INTERNAL: a table that is gone is logged and not told', async (t) => {
  await registry.env.DB.prepare('DROP TABLE registry_tokens').run();
  const answer = await signIn(registry.json, 'diego');
  isKeptFrom(t, registry, answer, /PUT \/-\/user\/.*no such table: registry_tokens/s);
});

t.test('INTERNAL: the token in the path of a logout is not logged', async (t) => {
  const misconfigured = await openRegistry(t, { PUBLIC_ORIGIN: 'nowhere' });
  const secret = `progy_${'ab'.repeat(30)}`;
  const path = `/-/user/token/${secret}`;
  const answer = await misconfigured.json(path, { method: 'DELETE', headers: { Authorization: 'Basic x' } });
  isKeptFrom(t, misconfigured, answer, /DELETE \/-\/user\/token\/progy_…/);
  t.notOk(misconfigured.logs().some((line) => line.includes(secret)));
});

t.test('every code of the table was met', async (t) => {
  t.same([...provoked].sort(), Object.keys(ERRORS).sort());
});
