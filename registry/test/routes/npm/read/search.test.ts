// GET /-/v1/search over 2,000 courses: which come first, in npm's shape, through the index, whatever the text.

import { type SearchAnswer, searchAnswerSchema } from '@progy/protocol/wire/search-answer.ts';
import { SEARCH_PATH } from '@progy/protocol/wire/urls.ts';
import fc from 'fast-check';
import t from 'tap';
import topTens from '../../../../../fixtures/catalogue/top-tens.json' with { type: 'json' };
import { type Load, loadCatalogue, loadCourses } from '../../../../bench/load-catalogue.ts';
import { openDatabase } from '../../../../database/database.ts';
import { searchStatements } from '../../../../database/read/search.ts';
import { CANDIDATES } from '../../../../database/read/search-candidates.ts';
import { type Answer, openRegistry } from '../../../harness.ts';

const registry = await openRegistry(t);
const { DB } = registry.env;
const run = (loads: readonly Load[]) => DB.batch(loads.map(({ sql, rows }) => DB.prepare(sql).bind(rows)));
await loadCatalogue(run);

function search(parameters: Record<string, string>): Promise<Answer> {
  return registry.json(`${SEARCH_PATH}?${new URLSearchParams(parameters)}`);
}

async function found(text: string, more: Record<string, string> = {}): Promise<SearchAnswer> {
  const { status, body } = await search({ text, ...more });
  if (status !== 200) throw new Error(`${text}: ${status} ${body.error}`);
  return searchAnswerSchema.parse(body);
}

async function names(text: string, more?: Record<string, string>): Promise<string[]> {
  return (await found(text, more)).objects.map((object) => object.package.name);
}

/** What people type, the course they mean, and what must not come before it. */
const QUERIES: [text: string, first: string, why: string][] = [
  ['rust-mastery', '@diego/rust-mastery', 'the name, before a more popular one that only holds it'],
  ['rust mastery', '@diego/rust-mastery', 'the name in two words'],
  ['@marta/sql-detective', '@marta/sql-detective', 'the whole name, before the more popular one that begins with it'],
  ['sql mystery', '@marta/sql-detective', 'keywords, before popular READMEs with the same words'],
  ['webassembly', '@nadia/webassembly-first-steps', 'a name with 2 downloads a day, before a description with 300'],
  ['java', '@ines/java-foundations', 'the word itself, before JavaScript with seven times the downloads'],
  ['c++ memory', '@olga/memory-model', 'C++ is not C'],
  ['C# linq', '@sven/linq-in-depth', 'C# is a language, not the letter c'],
  ['programação python', '@joana/python-do-zero', 'Portuguese, before an English course with the word in its README'],
  ['programacao python', '@joana/python-do-zero', 'the same without accents'],
  ['lógica de programação', '@rui/logica-de-programacao', 'accents in the query, none in the slug'],
  ['javascript tests', '@kim/testing-javascript', 'another form of the word'],
  ['data structure', '@ada/data-structures', 'the singular'],
  ['scope:escola-42 git', '@escola-42/git-essencial', 'exactly that scope, not @escola/42-git'],
  ['keywords:roguelike', '@pixel/dungeon-crawler', 'a keyword, not a word anywhere'],
  ['author:grace compiler', '@gokafor/little-compiler', 'her course, not the one that thanks her'],
  ['machine learning from scratch', '@lin/machine-learning-from-scratch', 'the words of a sentence'],
  ['docker compo', '@ops/docker-compose-workshop', 'the beginning of a word'],
  ['how to learn regular expressions quickly', '@tomas/regex-trainer', 'most of the words, where no course has all'],
  ['git rebase', '@lena/rebase-without-fear', 'the fresh one of two that are equal'],
  ['kubernetes basics', '@cloud/kubernetes-basics', 'the popular one, though it is older'],
  ['flask web', '@pedro/flask-websites', 'not the more popular one that is deprecated'],
];
for (const [text, first, why] of QUERIES) {
  t.test(`${text}: ${first} comes first: ${why}`, async (t) => {
    const results = await names(text);
    t.equal(results[0], first, results.slice(0, 3).join(', '));
  });
}

t.test('nine in ten of the best ten are those that come first when all that match are ranked', async (t) => {
  const shares: number[] = [];
  for (const [text, best] of Object.entries(topTens)) {
    const results = await names(text, { size: '10' });
    t.equal(results[0], best[0], text);
    shares.push(best.filter((name) => results.includes(name)).length / best.length);
  }
  const share = shares.reduce((sum, one) => sum + one, 0) / shares.length;
  t.ok(share >= 0.9, `${share.toFixed(3)} of the top tens of ${shares.length} queries`);
});

t.test(
  'of what very many courses match, the most installed are ranked; pages end with them, and the total says so',
  async (t) => {
    const { total, totalIsComplete } = await found('exercise');
    t.equal(totalIsComplete, false);
    t.ok(total >= CANDIDATES && total < 4 * CANDIDATES, `${total} of 1,526`);
    const last = await found('exercise', { from: String(total - 3) });
    t.match(last, { objects: { length: 3 }, total });
    t.match(await found('exercise', { from: String(total) }), { objects: [], total, totalIsComplete: false });
    t.match(await found('roguelike'), { total: 4, totalIsComplete: true });
  },
);

t.test('a result is what npm and its readers expect of one', async (t) => {
  const { body, headers } = await search({ text: 'sql-detective', size: '1' });
  const [object] = body.objects as SearchAnswer['objects'];
  t.equal(headers.get('cache-control'), 'public, max-age=60');
  t.match(body, { total: 2, time: /GMT$/ });
  t.match(object?.package, {
    name: '@marta/sql-detective',
    scope: 'marta',
    version: '1.0.0',
    description: /Find the thief/,
    keywords: ['sql', 'sqlite', 'mystery', 'beginners'],
    date: /^\d{4}-\d\d-\d\dT/,
    license: 'MIT',
    author: { name: 'Marta Silva' },
    links: {},
    publisher: { username: 'marta', email: /^marta@/ },
    maintainers: [{ username: 'marta', email: /^marta@/ }],
    progy: { title: 'SQL Detective: The Blue Heron' },
  });
  t.match(object?.downloads, { weekly: 7 * 25, monthly: 30 * 25 });
  t.match(object?.score.final, object?.searchScore ?? 0);
});

t.test('pages follow each other without a gap, total counts all of them', async (t) => {
  const all = await found('keywords:kotlin', { size: '250' });
  t.equal(all.objects.length, all.total);
  t.ok(all.total > 30 && all.total < 250, 'several pages');
  const pages: string[] = [];
  for (let from = 0; from < all.total; from += 20)
    pages.push(...(await names('keywords:kotlin', { from: String(from) })));
  t.same(
    pages,
    all.objects.map((object) => object.package.name),
  );
  t.match(await found('keywords:kotlin', { from: '1000' }), { objects: [], total: all.total });
  t.match(await found('keywords:kotlin', { size: '0' }), { objects: [], total: all.total });
});

t.test('no page is longer than 250, however much is asked for', async (t) => {
  const { objects, total } = await found('beginners', { size: '100000' });
  t.equal(objects.length, Math.min(250, total));
  t.equal((await found('course test editor exercises', { size: '100000' })).objects.length, 250);
});

t.test('qualifiers narrow what words find, and list courses by themselves', async (t) => {
  const landmarks = ['@marta/sql-detective', '@marta/sql-detective-for-teachers'];
  t.same((await names('scope:marta')).sort(), landmarks);
  t.same((await names('scope:@marta')).sort(), landmarks);
  t.same(await names('scope:marta blue heron'), ['@marta/sql-detective']);
  t.same((await names('author:"Marta Silva"')).sort(), landmarks);
  t.same(await names('maintainer:escola-42'), ['@escola-42/git-essencial']);
  t.same((await names('keywords:roguelike,equipa')).sort(), ['@escola-42/git-essencial', '@pixel/dungeon-crawler']);
  t.same(await names('keywords:games+rust'), ['@pixel/dungeon-crawler']);
  t.same(await names('scope:pixel keywords:games,-history'), ['@pixel/dungeon-crawler']);
  t.same(await names('scope:pixel keywords:-history'), ['@pixel/dungeon-crawler']);
  t.same(await names('keywords:c#+linq'), ['@sven/linq-in-depth']);
  t.same(await names('scope:mart'), [], 'a scope is all of it');
  t.same(await names('scope:marta rust-mastery'), [], 'a name is no way around');
  t.same(await names('keywords:-history'), [], 'there is nothing to take it from');
});

t.test('a text that means nothing finds nothing', async (t) => {
  for (const text of ['++', '"', '---', '🙂', 'keywords:', 'qxzvw', '%', '\u0000']) {
    t.match(await found(text), { objects: [], total: 0 }, text);
  }
});

t.test('what cannot be a search is 400 and says why', async (t) => {
  const table: [Record<string, string>, string][] = [
    [{}, 'text'],
    [{ text: '' }, 'text'],
    [{ text: '   ' }, 'text'],
    [{ text: 'x'.repeat(1_001) }, 'text'],
    [{ text: 'rust', size: '-1' }, 'size'],
    [{ text: 'rust', size: 'many' }, 'size'],
    [{ text: 'rust', from: '0.5' }, 'from'],
  ];
  for (const [parameters, path] of table) {
    t.match(
      await search(parameters),
      { status: 400, body: { code: 'INVALID_REQUEST', path } },
      JSON.stringify(parameters),
    );
  }
});

t.test('no text breaks a search, and none is read as an operator of the index', async (t) => {
  const pieces = [
    '"',
    "'",
    '*',
    '^',
    '(',
    ')',
    '{',
    '}',
    ':',
    '-',
    '+',
    'AND',
    'OR',
    'NOT',
    'NEAR(',
    'name:',
    'scope:',
    'rust',
    '\0',
  ];
  const hostile = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 5 })), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(hostile, async (parts) => {
      const text = parts.join(' ').slice(0, 900);
      const { status } = await search({ text });
      return status === 200 || (status === 400 && text.trim() === '');
    }),
    { numRuns: 60 },
  );
  t.same(await names('title:rust'), [], 'a column is not chosen');
  t.same(await names('rust NOT mastery'), ['@copycat/rust-mastery-notes'], 'NOT excludes nothing: it begins notes');
  t.equal((await search({ text: "x'; DROP TABLE registry_search; --" })).status, 200);
  t.equal((await names('rust-mastery'))[0], '@diego/rust-mastery');
});

t.test('SQLite goes through the indexes, and looks at no table from its start to its end', async (t) => {
  const statements = searchStatements(openDatabase(DB));
  for (const [title, statement] of Object.entries(statements)) {
    const { sql, params } = statement.getQuery();
    const steps = (
      await DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...params.map(() => null))
        .all<{ detail: string }>()
    ).results.map(({ detail }) => detail);
    const indexed = /^SCAN registry_search(_heads)? VIRTUAL TABLE INDEX 64:M\d+$/;
    t.ok(
      steps.some((step) => indexed.test(step)),
      steps.join('\n'),
    );
    const scanned = steps.filter((step) => step.startsWith('SCAN ') && !indexed.test(step));
    t.notMatch(scanned.join('\n'), /registry_|user|c\b/, title);
  }
});

t.test(
  'a slug and a whole name are found by their courses, however many others match that more people install',
  async (t) => {
    const course = (name: string, dailyDownloads: number) => ({
      ...{ name, description: 'Winds', keywords: ['zephyr'], readme: 'Zephyr', dailyDownloads, daysOld: 900 },
    });
    const popular = Array.from({ length: CANDIDATES + 100 }, (_, i) => course(`@crowd/zephyr-${i}`, 9));
    await loadCourses(run, [course('@zoe/zephyr', 0), course('@zoe/zephyr-again', 0), ...popular]);
    t.match(await found('zephyr'), { totalIsComplete: false });
    t.equal((await names('zephyr'))[0], '@zoe/zephyr');
    t.equal((await names('@zoe/zephyr-again'))[0], '@zoe/zephyr-again');
    t.equal((await names('zephyr again'))[0], '@zoe/zephyr-again');
  },
);
