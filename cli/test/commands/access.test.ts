// Organizations, grants and the audit log are one story, told to one registry.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loginPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { startRegistry } from '../../../fixtures/start-registry.ts';
import { grant, revoke } from '../../commands/access.ts';
import * as auditLog from '../../commands/audit-log.ts';
import * as invite from '../../commands/classroom-invite.ts';
import * as orgCreate from '../../commands/org-create.ts';
import * as orgSet from '../../commands/org-set.ts';
import { testContext } from '../helpers/context.ts';

const { url, stop } = await startRegistry({ seed: true });
t.teardown(stop);
const registry = url;
const COURSE = '@diego/rust-mastery';

async function signedIn(name: string): Promise<string> {
  const body = JSON.stringify({ name, password: 'progy-demo-pass', type: 'user' });
  const response = await fetch(url + loginPath(name), { method: 'PUT', body });
  return String(((await response.json()) as { token: string }).token);
}

const diego = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: url, PROGY_TOKEN: await signedIn('diego') } });

t.test('an organization is created, and its name is taken', async (t) => {
  const created = await orgCreate.run({ name: '@acme' }, diego);
  t.match(orgCreate.views.json(created), { slug: 'acme', scope: '@acme', registry });
  t.equal(
    orgCreate.views.human(created),
    `Created acme. You own it and the scope @acme.\n\nNext: progy org set acme <user> publisher --registry ${url}`,
  );
  await t.rejects(orgCreate.run({ name: 'acrne' }, diego), { code: 'NAME_TAKEN', message: /looks too much like acme/ });
});

t.test('members get roles', async (t) => {
  const set = await orgSet.run({ name: 'acme', user: 'marta', role: 'reader' }, diego);
  t.equal(orgSet.views.human(set), 'marta is a reader of acme.');
  t.match(orgSet.views.json(set), { slug: 'acme', user: 'marta', role: 'reader' });
  await t.rejects(orgSet.run({ name: 'acme', user: 'nobody-here', role: 'owner' }, diego), { code: 'NOT_FOUND' });
  await t.rejects(orgSet.run({ name: 'acme', user: 'diego', role: 'reader' }, diego), { code: 'FORBIDDEN' });
});

t.test('one account is let in, and out', async (t) => {
  const granted = await grant.run({ course: COURSE, users: ['marta'] }, diego);
  t.equal(grant.views.human(granted), `marta may read ${COURSE}.`);
  const revoked = await revoke.run({ course: COURSE, user: '@marta' }, diego);
  t.equal(revoke.views.human(revoked), `marta may no longer read ${COURSE}.`);
  await t.rejects(revoke.run({ course: COURSE, user: 'marta' }, diego), { code: 'NOT_FOUND' });
});

t.test('the audit log tells all of it, page by page', async (t) => {
  const first = await auditLog.run({ name: COURSE, limit: 2 }, diego);
  t.match(first.entries, [{ action: 'access revoke' }, { action: 'access grant' }]);
  const shown = auditLog.views.human(first);
  t.match(shown, /^WHEN +WHO +TOKEN +WHAT +CHANGE\n/);
  t.match(shown, /^just now +diego +[0-9a-f]{8} +access grant +user: none → marta, permission: none → read$/m);
  t.ok(
    shown.endsWith(`\n\nOlder entries: progy audit-log ${COURSE} --before ${first.next} --limit 2 --registry ${url}`),
  );
  const rest = await auditLog.run({ name: COURSE, before: Number(first.next) }, diego);
  t.match(rest, { entries: [{ action: 'publish', version: '1.0.0' }], next: null });
  t.notMatch(auditLog.views.human(rest), 'Older entries');
  t.match(auditLog.views.json(rest), { name: COURSE, entries: [{ after: { integrity: /^sha512-/ } }], next: null });
  t.match((await auditLog.run({ name: '@acme' }, diego)).entries, [{ action: 'org set' }, { action: 'org create' }]);
});

t.test('without a token nothing is asked, and strangers are refused', async (t) => {
  const nobody = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: url } });
  const all: Promise<unknown>[] = [
    orgCreate.run({ name: 'other' }, nobody),
    orgSet.run({ name: 'acme', user: 'marta', role: 'owner' }, nobody),
    grant.run({ course: COURSE, users: ['marta'] }, nobody),
    auditLog.run({ name: COURSE }, nobody),
  ];
  for (const asked of all) await t.rejects(asked, { code: 'UNAUTHORIZED' });
  const marta = await testContext(t.testdir({}), {
    env: { PROGY_REGISTRY: url, PROGY_TOKEN: await signedIn('marta') },
  });
  await t.rejects(auditLog.run({ name: COURSE }, marta), { code: 'FORBIDDEN' });
  await t.rejects(grant.run({ course: COURSE, users: ['marta'] }, marta), { code: 'FORBIDDEN' });
});

const OTHER = '@diego/javascript-quest';

t.test('many are let in at once, and those who are not known are named', async (t) => {
  await Promise.all(['ana', 'rui'].map((name) => signedIn(name)));
  const granted = await grant.run({ course: OTHER, users: ['ana', '@rui', 'nobody-here', 'x@school.example'] }, diego);
  t.match(grant.views.json(granted), {
    granted: ['ana', 'rui'],
    already: [],
    unknown: ['nobody-here', 'x@school.example'],
  });
  t.equal(
    grant.views.human(granted),
    `2 people may read ${OTHER}.\n  not known: nobody-here\n  not known: x@school.example\n\nNext: send them a link instead: progy classroom invite ${OTHER} --link --registry ${url}`,
  );
  await t.rejects(grant.run({ course: OTHER, users: ['nobody-here'] }, diego), { code: 'NOT_FOUND' });
  for (const user of ['ana', 'rui']) await revoke.run({ course: OTHER, user }, diego);
});

t.test('a class is invited from a list, by a link, and the link is taken back', async (t) => {
  await writeFile(join(diego.cwd, 'class.csv'), 'Name;Username\r\nAna Lima;ana\r\nRui;rui\r\n;\r\nRui;rui\r\n');
  const listed = await invite.run({ course: OTHER, csv: 'class.csv', expires: 1, seats: 1 }, diego);
  t.equal(invite.views.human(listed), `2 people may read ${OTHER}.`);
  const link = await invite.run({ course: OTHER, link: true, expires: 48, seats: 30 }, diego);
  t.match(
    invite.views.human(link),
    new RegExp(`^30 accounts can accept this link, until .+ UTC:\n  ${url}/login\\?code=invite-`),
  );
  t.match(invite.views.json(link), { name: OTHER, url: /^http/, seats: 30, expiresAt: /Z$/ });
  const revoked = await invite.run({ course: OTHER, revoke: true, expires: 1, seats: 1 }, diego);
  t.match(invite.views.human(revoked), /^1 link to @diego\/javascript-quest taken back\./);
  await t.rejects(invite.run({ course: OTHER, expires: 1, seats: 1 }, diego), { code: 'USAGE' });
  await t.rejects(invite.run({ course: OTHER, csv: 'absent.csv', expires: 1, seats: 1 }, diego), {
    code: 'FILE_NOT_FOUND',
  });
  for (const user of ['ana', 'rui']) await revoke.run({ course: OTHER, user }, diego);
});
