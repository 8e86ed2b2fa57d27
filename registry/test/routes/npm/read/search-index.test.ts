// What search finds follows what readers see: whichever route changes it, in the same batch.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { type SearchAnswer, searchAnswerSchema } from '@progy/protocol/wire/search-answer.ts';
import { SEARCH_PATH, tarballPath, yankPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { openDatabase } from '../../../../database/database.ts';
import { moveDueCourses } from '../../../../database/read/search-places.ts';
import { type Answer, openRegistry, packCourse } from '../../../harness.ts';
import { askerOf, signUpAll, succeed } from '../../../helpers/people.ts';

const registry = await openRegistry(t);
const ask = askerOf(registry);
const { diego } = await signUpAll(registry, 'diego', 'marta');

async function search(text: string): Promise<SearchAnswer> {
  const { body } = await registry.json(`${SEARCH_PATH}?${new URLSearchParams({ text })}`);
  return searchAnswerSchema.parse(body);
}

async function names(text: string): Promise<string[]> {
  return (await search(text)).objects.map((object) => object.package.name);
}

let courses = 0;

/** One of diego's courses under a new name, with a version for each description. */
async function courseOf(...descriptions: string[]) {
  const name = parsePackageName(`@diego/course-${++courses}`);
  const publish = async (version: string, course: object, readme = '') => {
    const file = await packCourse(name.full, version, { course: { ...course }, files: { 'README.md': readme } });
    return succeed(registry.publish(diego, file));
  };
  for (const [index, description] of descriptions.entries()) await publish(`1.${index}.0`, { description });
  return { name, publish };
}

t.test('a publish is found at once, by its name, title, description, keywords, author and README', async (t) => {
  const { name, publish } = await courseOf();
  const course = { title: 'Ocarinas', description: 'Xylophones', keywords: ['Zithers'], author: 'Vera Lyra' };
  await publish('1.0.0', course, '# Zwölftonmusik\n');
  for (const text of [
    'course-1',
    'ocarina',
    'xylophones',
    'keywords:zither',
    'author:lyra',
    'zwolftonmusik',
    'diego',
  ]) {
    t.same(await names(text), [name.full], text);
  }
});

t.test('only what latest names is found', async (t) => {
  const { name, publish } = await courseOf('Marimbas', 'Celestas');
  t.same([await names('marimba'), await names('celesta')], [[], [name.full]], 'a newer version');
  await publish('0.9.0', { description: 'Spinets' });
  t.same(await names('spinet'), [], 'an older version changes nothing');
  await succeed(ask(diego, 'PUT', `/-/package/${name.full}/dist-tags/latest`, '1.0.0'));
  t.same([await names('marimba'), await names('celesta')], [[name.full], []], 'the tag moved by hand');
});

t.test('a course that only some may see is found by nobody, and not counted', async (t) => {
  const { name, publish } = await courseOf('Theremins');
  await publish('1.1.0', { description: 'Theremins', private: true });
  t.match(await search('theremin'), { objects: [], total: 0 }, 'private');
  await publish('1.2.0', { description: 'Theremins' });
  t.same(await names('theremin'), [name.full], 'public again');
  await succeed(ask(diego, 'POST', `/-/package/${name.full}/access`, { access: 'restricted' }));
  t.match(await search('theremin'), { objects: [], total: 0 }, 'restricted');
  await succeed(ask(diego, 'POST', `/-/package/${name.full}/access`, { access: 'public' }));
  t.same(await names('theremin'), [name.full], 'public again');
});

t.test('a yank hides a version from search, and the course with its last one', async (t) => {
  const { name } = await courseOf('Bassoons', 'Oboes');
  const yank = (method: string, version: string) =>
    succeed(ask(diego, method, yankPath(name, version), { reason: '' }));
  await yank('POST', '1.1.0');
  t.same([await names('bassoon'), await names('oboe')], [[name.full], []], 'the version before is found');
  await yank('POST', '1.0.0');
  t.same([await names('bassoon'), await names('oboe')], [[], []], 'nothing else is left');
  await yank('DELETE', '1.1.0');
  t.same(await names('oboe'), [name.full], 'not yanked any more');
});

t.test('what is unpublished is not found', async (t) => {
  const { name } = await courseOf('Bagpipes');
  const { _rev } = (await succeed(registry.json(`/${name.full}`))).body;
  await succeed(ask(diego, 'DELETE', `/${name.full}/-rev/${_rev}`));
  t.same(await names('bagpipe'), []);
});

t.test('a maintainer is found as one, until they are one no more', async (t) => {
  const { name } = await courseOf('Lutes');
  await succeed(ask(diego, 'PUT', `/-/package/${name.full}/owners`, { user: 'marta' }));
  t.same(await names('maintainer:marta'), [name.full]);
  t.same(
    (await search('lute')).objects[0]?.package.maintainers.map(({ username }) => username),
    ['diego', 'marta'],
  );
  await succeed(ask(diego, 'DELETE', `/-/package/${name.full}/owners/marta`));
  t.same(await names('maintainer:marta'), []);
});

t.test('what is installed more comes first among equals, from the first install on', async (t) => {
  const [one, two] = [await courseOf('Kazoos'), await courseOf('Kazoos')];
  t.same(await names('kazoo'), [one.name.full, two.name.full], 'by name while nobody has them');
  await (await registry.fetch(tarballPath(two.name, '1.0.0'))).arrayBuffer();
  // The download is counted after the answer.
  while ((await names('kazoo'))[0] !== two.name.full);
  t.match((await search('kazoo')).objects[0]?.downloads, { weekly: 1, monthly: 1 });
});

t.test('a deprecated version is found behind others, one that is deprecated no more is not', async (t) => {
  await courseOf('Gongs');
  await courseOf('Gongs');
  const [first = '', second = ''] = await names('gong');
  const deprecate = (deprecated: string) => {
    const document = { name: first, versions: { '1.0.0': { version: '1.0.0', deprecated } } };
    return succeed(ask(diego, 'PUT', `/${first}`, document));
  };
  await deprecate('Use another');
  t.same(await names('gong'), [second, first]);
  await deprecate('');
  t.same(await names('gong'), [first, second]);
});

/** The courses in the order in which the indexes go through them. */
async function inPlaces(...listed: readonly string[]): Promise<unknown[]> {
  const rows = await registry.env.DB.prepare('SELECT name FROM registry_search_places ORDER BY place').all();
  return rows.results.map(({ name }) => name).filter((name) => listed.includes(String(name)));
}

t.test('the cron moves what is installed more to the front of the indexes', async (t) => {
  const [one, two] = [await courseOf('Lyres'), await courseOf('Lyres')];
  const [before, after] = [one.name.full, two.name.full];
  t.same(await inPlaces(before, after), [after, before], 'of equals the newest first');
  await registry.env.DB.prepare('UPDATE registry_packages SET decayed_downloads = 1e6 WHERE name = ?')
    .bind(before)
    .run();
  t.same(await names('lyre'), [before, after], 'it ranks at once');
  await registry.scheduled(new Date());
  t.same(await inPlaces(before, after), [before, after]);
  t.same(await names('lyre'), [before, after]);
  t.same((await registry.env.DB.prepare('SELECT * FROM registry_search_places WHERE is_due').all()).results, []);
});

t.test('no more courses are moved at once than asked for; the others are next', async (t) => {
  const { DB } = registry.env;
  await DB.prepare('UPDATE registry_packages SET decayed_downloads = decayed_downloads + 1e9').run();
  const due = Number(await DB.prepare('SELECT count(*) AS n FROM registry_search_places WHERE is_due').first('n'));
  t.ok(due > 3, `${due} are due`);
  const db = openDatabase(DB);
  t.same([await moveDueCourses(db, 2), await moveDueCourses(db, due), await moveDueCourses(db, 2)], [2, due - 2, 0]);
});

t.test('the indexes made anew, as operators are told to, hold the same', async (t) => {
  const found = async () => [await names('course'), await names('scope:diego'), await names('keywords:zither')];
  const before = await found();
  await registry.env.DB.batch(
    [
      'DELETE FROM registry_search_places',
      "INSERT INTO registry_search (registry_search) VALUES ('delete-all')",
      "INSERT INTO registry_search_heads (registry_search_heads) VALUES ('delete-all')",
    ].map((sql) => registry.env.DB.prepare(sql)),
  );
  t.same(await found(), [[], [], []]);
  await registry.env.DB.prepare('UPDATE registry_packages SET latest_version = latest_version').run();
  t.same(await found(), before);
});

t.test('after all of that the indexes are sound, and hold each listed course once', async (t) => {
  const { DB } = registry.env;
  const places = (await DB.prepare('SELECT place FROM registry_search_places ORDER BY place').raw()).flat();
  for (const index of ['registry_search', 'registry_search_heads']) {
    const check = DB.prepare(`INSERT INTO ${index} (${index}) VALUES ('integrity-check')`);
    t.same((await check.all()).results, [], index);
    t.same((await DB.prepare(`SELECT id FROM ${index}_docsize ORDER BY id`).raw()).flat(), places, index);
    const found = await DB.prepare(`SELECT rowid FROM ${index} WHERE ${index} MATCH 'course' ORDER BY rowid`).raw();
    t.same(found.flat(), places, index);
  }
});

t.test(
  'a minute of 600 searches from one address is enough for a class; more are refused, of others none',
  async (t) => {
    const from = (address: string) =>
      registry.json(`${SEARCH_PATH}?text=qxzvw`, { headers: { 'CF-Connecting-IP': address } });
    let refused: Answer | undefined;
    let served = 0;
    // The minutes are the clock's: one may end in between, and then it takes up to 600 more.
    while (refused === undefined && served < 1_800) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => from('192.0.2.1')));
      refused = answers.find(({ status }) => status !== 200);
      served += answers.filter(({ status }) => status === 200).length;
    }
    t.ok(served >= 600, `${served} were served`);
    t.match(refused, { status: 429, body: { code: 'RATE_LIMITED', error: /Too many searches/, retryAfter: 60 } });
    t.equal(refused?.headers.get('retry-after'), '60');
    t.equal((await from('192.0.2.2')).status, 200);
  },
);
