// Every statement that registry/database can make, asked of SQLite: none reads all of a table that grows. What other tests
// have a registry send is asked too, when each of them ends (see harness.ts); here nothing can be left out.
import { readdirSync } from 'node:fs';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import t from 'tap';
import { bearer, openRegistry, PASSWORD, packCourse } from '../harness.ts';
import { standInForGitHub } from '../helpers/github.ts';
import { makeAdmin, signUpAll } from '../helpers/people.ts';
import { QueryPlans } from '../helpers/query-plans.ts';
import { recorded } from '../helpers/recorded-d1.ts';
import { countRuns } from '../helpers/unreached.ts';
import { Visitor } from '../helpers/visitor.ts';

const FOLDER = new URL('../../database/', import.meta.url);
/** What makes statements names the database or speaks SQL; predicates on errors and the like need not run. */
const MAKES_STATEMENTS = /\b(db|sql|eq|and|or|lt|gt)\b/;

const registry = await openRegistry(t, { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' });
const tokens = await signUpAll(registry, 'diego', 'marta');
await registry.publish(tokens.diego, await packCourse('@diego/rust'));

const unreached = await countRuns(FOLDER);
const statements = new Set<string>();
const { openDatabase } = await import('../../database/database.ts');
const db = openDatabase(recorded(registry.env.DB, (statement) => statements.add(statement)));

const now = new Date();
const name = parsePackageName('@diego/rust');
const idOf = async (sql: string) => String(await registry.env.DB.prepare(sql).first('id'));
const diego = { id: await idOf("SELECT id FROM user WHERE username = 'diego'"), username: 'diego', tokenId: undefined };
const marta = await idOf("SELECT id FROM user WHERE username = 'marta'");
const versionId = await idOf('SELECT id FROM registry_versions');
const packageId = await idOf('SELECT id FROM registry_packages');
const entry = { actor: diego, action: 'access set', subject: name.full, at: now } as const;
const origin = 'http://registry.test';

t.test('accounts, tokens and sign-ins', async () => {
  const accounts = await import('../../database/accounts/accounts.ts');
  await accounts.findCredentials(db, 'diego');
  await accounts.findActiveAccount(db, diego.id, now);
  await accounts.findAccounts(db, ['diego']);
  await accounts.findAccountsAt(db, ['diego@example.com']);
  await accounts.findProfile(db, diego.id);

  const visitors = await import('../../database/accounts/visitors.ts');
  await visitors.findVisitor(db, diego.id, now);
  await visitors.setUsername(db, diego.id, 'diego', now);

  const standing = await import('../../database/moderation/roles-and-bans.ts');
  await standing.findStanding(db, { username: 'diego' });
  await standing.findStanding(db, { userId: diego.id });
  await standing.changeStanding(db, marta, { role: 'admin' }, entry);
  await standing.changeStanding(db, marta, { banned: true, banReason: '', banExpires: now }, entry);

  const tokens = await import('../../database/accounts/tokens.ts');
  const limits = { readonly: false, cidrs: null, courses: null };
  await tokens.insertToken(db, { id: 'key', userId: diego.id, name: 'a', tokenHash: 'hash', ...limits }, entry);
  await tokens.findTokenOwner(db, 'hash', now);
  await tokens.touchToken(db, 'key', now, now);
  await tokens.pageOfTokens(db, diego.id, now, { page: 0, perPage: 10 });
  await tokens.findTokenOfAccount(db, diego.id, 'key', 'hash');
  await tokens.deleteToken(db, 'key', entry);

  const codes = await import('../../database/accounts/device-codes.ts');
  await codes.noteAsking(db, 'code', { program: 'progy', host: null, address: '127.0.0.1' } as never);
  await codes.findAsking(db, 'id');
  await codes.findWaiting(db, 'ABCDEFGH', now);
  await codes.decideWaiting(db, 'ABCDEFGH', { status: 'denied', userId: diego.id }, now);
  await codes.deleteExpired(db, new Date(0), { prefix: 'github-grant:', since: now });

  const scopes = await import('../../database/rights/scopes.ts');
  await scopes.findLookalike(db, 'd1ego');
});

t.test('what students let the registry do at GitHub', async () => {
  const grants = await import('../../database/portfolio/grants.ts');
  await grants.putGrant(db, 'github-grant:a', { value: 'x', expiresAt: now }, { ...entry, action: 'github link' });
  await grants.findGrant(db, 'github-grant:a', now);
  await grants.findExpiredGrants(db, 'github-grant:', now, 10);
  await grants.expireGrant(db, 'github-grant:a', now);
  await grants.deleteGrant(db, 'github-grant:a');
  const made = { ...entry, action: 'github repo create', subject: 'diego' } as const;
  await grants.noteMade(db, made);
  await grants.countMade(db, made, now, 20);
});

t.test('organizations and rights', async () => {
  const organizations = await import('../../database/people/organizations.ts');
  const acme = { id: 'acme', slug: 'acme' };
  await organizations.insertOrganization(db, acme, diego.id, entry);
  await organizations.findMembership(db, 'acme', diego.id);
  await organizations.putMember(db, acme, { id: marta, role: 'reader' }, entry);
  await organizations.findRoster(db, 'acme');
  await organizations.deleteMember(db, acme, marta, entry);

  const access = await import('../../database/rights/rights-on-course.ts');
  await access.findTies(db, name, marta);

  const rights = await import('../../database/people/collaborators.ts');
  const readers = [null, ['@diego']].map((courses) => ({ id: marta, limits: { courses } }));
  await rights.saveGrant(db, name, marta, entry);
  await rights.saveGrants(db, name, [marta], entry);
  await rights.findGrantedAmong(db, name, [marta]);
  await rights.findGrant(db, name, marta);
  await rights.deleteGrant(db, name, marta, entry);
  await rights.saveRestriction(db, name, false, entry);
  const { findPackage } = await import('../../database/packages.ts');
  const rev = Number((await findPackage(db, name))?.rev);
  await rights.changeMaintainers(db, { name, rev, added: [marta], removed: [diego.id], entries: [entry], now });
  await rights.findCollaborators(db, name);
  for (const reader of readers) {
    await rights.findCoursesOf(db, diego.id, reader);
    await rights.findCoursesInScope(db, 'diego', 'read', reader);
  }

  const invitations = await import('../../database/people/invitations.ts');
  const link = { id: 'link', name, secretHash: 'hash', createdBy: diego.id, seats: 2 };
  await invitations.insertInvitation(db, { ...link, expiresAt: new Date(now.getTime() + 60_000) }, entry);
  await invitations.countInvitations(db, name, now);
  await invitations.findInvitation(db, 'hash', now);
  await invitations.takePlace(db, { id: 'link' }, marta, entry);
  await invitations.deleteInvitations(db, name, entry);

  const maintainers = await import('../../database/people/maintainers.ts');
  await maintainers.findMaintainers(db, name);
  const log = await import('../../database/audit/audit-log.ts');
  await log.pageOfAuditLog(db, name.full, { before: undefined, limit: 10 });
  await log.pageOfAuditLog(db, name.full, { before: 10, limit: 10 });
});

t.test('what is read of courses', async () => {
  const packages = await import('../../database/packages.ts');
  await packages.findTaggedPackage(db, name);
  await packages.findAllVersions(db, name);
  await packages.findVersionEver(db, name, '1.0.0');

  const documents = await import('../../database/read/documents.ts');
  for (const form of ['full', 'abbreviated'] as const)
    await documents.findPackument(db, { name, form, origin, held: [] });
  await documents.findManifest(db, name, 'latest', origin);
  const artifacts = await import('../../database/read/artifacts.ts');
  await artifacts.findVersion(db, name, '1.0.0');
  const info = await import('../../database/read/course-info.ts');
  await info.findCourseInfo(db, name, '1.0.0', { origin, now });

  const downloads = await import('../../database/read/downloads.ts');
  await downloads.addDownloads(db, [{ packageId, versionId, day: downloads.startOfDay(now), count: 1 }]);
  await downloads.countByDay(db, packageId, now, now);
  await downloads.countByVersion(db, packageId, now, now);

  const { moveDueCourses } = await import('../../database/read/search-places.ts');
  await moveDueCourses(db, 10);
  const { findCourses } = await import('../../database/read/search.ts');
  const { parseSearchText } = await import('../../domain/read/search-query.ts');
  for (const text of ['rust', 'rust in c', 'scope:diego', 'rust scope:diego', 'author:diego keywords:a,b+c,-d'])
    for (const mode of ['all', 'any'] as const)
      await findCourses(db, { query: parseSearchText(text), window: { size: 10, from: 0 }, now }, mode);
});

t.test('what publishing and changing versions writes', async () => {
  const publishing = await import('../../database/publish/insert-version.ts');
  const [row] = (await registry.env.DB.prepare('SELECT * FROM registry_versions').all()).results;
  const publish = { attempt: 'a', name, isPrivate: false, restrict: false, quota: 9, actor: diego, force: false, now };
  const admission = await import('../../database/publish/admission.ts');
  const note = { id: 'a', keys: ['key'] };
  for (const force of [false, true])
    await admission.findForPublish(db, { userId: diego.id, name, version: undefined, force, note, now });
  await admission.noteAttempt(db, { ...note, id: 'b' }, diego.id);
  // The second is forced, and hides what may be hidden: the commit asks for both.
  await makeAdmin(registry, 'diego');
  const { saveRestriction } = await import('../../database/people/collaborators.ts');
  await saveRestriction(db, name, true, entry);
  for (const [number, tag] of ['next', undefined].entries()) {
    const version = { ...newVersion(row), id: `id-${number}`, version: `2.${number}.0` };
    await publishing.insertVersion(db, { ...publish, restrict: number === 1, force: number === 1, version, tag });
  }
  await admission.countPublished(db, diego.id, now);
  await publishing.forgetAttempt(db, 'a');
  await publishing.findStaleAttempts(db, now, 10);
  await publishing.isNamed(db, 'key');

  const states = await import('../../database/versions/version-states.ts');
  const seen = await states.findStates(db, name);
  if (seen === undefined) throw new Error('The course is there');
  const changes = [{ ids: [versionId], state: { yanked: '', deprecated: '', unpublishedAt: new Date(0) } }];
  const moves = [
    { tag: 'next', versionId: undefined },
    { tag: 'fall', versionId: 'id-1' },
  ];
  await states.changeStates(db, seen, [{ changes, moves, entries: [entry] }], now);

  const unpublished = await import('../../database/versions/unpublished.ts');
  await unpublished.findUnswept(db, now, 10);
  await unpublished.markSwept(db, [versionId], now);
});

/** A row as D1 has it, for another version. */
function newVersion(row: Record<string, unknown> = {}) {
  const text = (column: string) => String(row[column]);
  return {
    latestRank: text('latest_rank'),
    storageKey: text('storage_key'),
    sizeBytes: 1,
    checksum: text('checksum'),
    integrity: text('integrity'),
    tarballKey: text('tarball_key'),
    tarballSize: 1,
    tarballIntegrity: text('tarball_integrity'),
    shasum: text('shasum'),
    fileCount: 1,
    unpackedSize: 1,
    tree: text('tree'),
    manifest: text('manifest'),
    createdAt: now,
  };
}

/** Asked of the real Worker, which tells what Better-Auth sends. */
t.test('every route of Better-Auth that is open', async (t) => {
  const { OPEN } = await import('../../routes/accounts/better-auth.ts');
  standInForGitHub(t, { id: 1, login: 'ada', name: 'Ada', email: 'ada@example.com' });
  const ana = { email: 'ana@example.com', password: PASSWORD, name: 'Ana', username: 'ana' };
  const asked = new Set<string>();
  const ask = async (
    route: string,
    { query = '', ...init }: { query?: string; body?: object; token?: string } = {},
  ) => {
    const [method = '', path = ''] = route.split(' ');
    const headers = { Origin: origin, 'Content-Type': 'application/json', ...(init.token ? bearer(init.token) : {}) };
    const body = init.body === undefined ? undefined : JSON.stringify(init.body);
    const answer = await registry.json(`/api/auth${path}${query}`, { method, headers, body, redirect: 'manual' });
    t.ok(answer.status < 400, `${route}${query}: ${answer.status}`);
    asked.add(route);
    return answer;
  };
  const signedUp = await ask('POST /sign-up/email', { body: ana });
  await makeAdmin(registry, 'ana');
  const token = signedUp.headers.get('set-auth-token') ?? '';
  await ask('POST /sign-in/email', { body: ana });
  await ask('POST /sign-in/username', { body: ana });
  await ask('GET /get-session', { token });
  await ask('GET /organization/list', { token });
  const search = '&searchField=email&searchOperator=contains&searchValue=a';
  for (const query of ['', '?limit=10&offset=10', `?sortBy=username${search}`])
    await ask('GET /admin/list-users', { token, query });
  await ask('POST /sign-out', { token });

  await ask('POST /sign-in/social', { body: { provider: 'github' } });
  const visitor = new Visitor(registry);
  const { location } = await visitor.post('/login/github', {});
  const back = await visitor.get(
    `/api/auth/callback/github?code=c&state=${new URL(location).searchParams.get('state')}`,
  );
  t.equal(back.status, 302);
  asked.add('GET /callback/github');
  t.same([...asked].sort(), [...OPEN].sort());
});

t.test('nothing that makes a statement was left out', async (t) => {
  const modules = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  for (const path of modules) await import(new URL(path, FOLDER).href);
  const left = (await unreached()).filter(({ code }) => MAKES_STATEMENTS.test(code));
  t.same(left, []);
});

const plans = new QueryPlans();
t.teardown(() => plans.close());

t.test('a statement that reads all of a table is seen to', (t) => {
  const course = 'package_id = (SELECT id FROM registry_packages WHERE name = ?) AND unpublished_at IS NULL';
  const orTagged = 'version = ? OR id = (SELECT version_id FROM registry_dist_tags WHERE package_id = ? AND tag = ?)';
  for (const [statement, scan] of [
    ['SELECT * FROM registry_versions WHERE version = ?', 'SCAN registry_versions'],
    [`SELECT * FROM registry_versions WHERE ${course} AND (${orTagged})`, 'SCAN registry_versions'],
    ['DELETE FROM user WHERE name = ?', 'SCAN user'],
    ['SELECT * FROM registry_search', 'SCAN registry_search VIRTUAL TABLE'],
    ['SELECT count(*) FROM (SELECT DISTINCT name FROM user AS held)', 'SCAN held'],
    ['SELECT count(*) FROM user AS a JOIN registry_packages AS b ON b.slug = a.name', 'AUTOMATIC'],
  ] as const)
    t.match(plans.scansOf(statement).join('\n'), scan, statement);
  t.end();
});

t.test('none of them, and nothing in a trigger, reads all of a table', async (t) => {
  const [sent, triggered] = [registry.statements(), plans.triggered()];
  t.ok(statements.size > 80, `${statements.size} statements of registry/database`);
  t.ok(sent.some((statement) => /"account"/.test(statement)) && sent.length > 40, `${sent.length} of the Worker`);
  t.ok(triggered.length > 15, `${triggered.length} statements and conditions of triggers`);
  for (const statement of new Set([...statements, ...sent, ...triggered]))
    t.same(plans.scansOf(statement), [], statement);
});
