// Which names an account or organization may take.
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import t from 'tap';
import { openDatabase } from '../../../database/database.ts';
import { skeletonIn, skeletonOf } from '../../../database/schema/tables.ts';
import { isReserved, isUsername, MAX_ACCOUNT_NAME } from '../../../domain/accounts/account-names.ts';
import { openRegistry } from '../../harness.ts';

const table: [reason: string, may: boolean, names: string[]][] = [
  ['lower-case ASCII letters, digits and separators', true, ['diego', 'a', '42', 'ana-maria', 'the_owl', 'a.b']],
  ['as long as GitHub’s', true, ['x'.repeat(MAX_ACCOUNT_NAME)]],
  ['longer', false, ['x'.repeat(MAX_ACCOUNT_NAME + 1), '']],
  ['upper case', false, ['Diego', 'DIEGO']],
  ['other alphabets, and what normalises to ASCII', false, ['диего', 'josé', 'ﬁ', 'ｄiego', 'dıego', '𝖉iego']],
  [
    'what acts on paths, shells and pages',
    false,
    ['.', '..', 'a..b', '-a', '_a', '.a', 'a/b', 'a b', '@a', 'a\u0000', 'a\n', '<a>'],
  ],
  ['the registry itself', false, ['progy', 'official', 'registry', 'npm', 'types', 'node', 'jsr']],
  ['roles', false, ['admin', 'root', 'support', 'security', 'owners']],
  [
    'words that are or may become addresses',
    false,
    ['api', 'schema', 'downloads', 'login', 'device', 'org', 'search', 'favicon.ico'],
  ],
  ['words that programs trip over', false, ['undefined', 'null', 'constructor', 'true']],
  ['what looks like a reserved name', false, ['pr0gy', 'p-r-o-g-y', 'progy_', 'adm1n', 'adrnin', 'n.p.m', 'nprn']],
  ['what only contains one', true, ['progy-fan', 'npm-lover', 'administratrix']],
];
for (const [reason, may, names] of table) {
  t.test(`${may ? 'free to take' : 'refused'}: ${reason}`, async (t) => {
    for (const name of names) t.equal(isUsername(name), may, JSON.stringify(name));
  });
}

t.test('the skeleton that code compares is the one that the database compares', async (t) => {
  const db = openDatabase((await openRegistry(t)).env.DB);
  const names = fc.sample(fc.stringMatching(/^[a-z01-][a-z01._-]{0,12}$/), 60);
  for (const name of [...names, 'rnrn', 'r-n', 'i1l0o']) {
    const { skeleton } = await db.get<{ skeleton: string }>(sql`SELECT ${skeletonOf(name)} AS skeleton`);
    t.equal(skeletonIn(name), skeleton, name);
  }
  t.ok(isReserved('pr0-gy'));
});
