// What search finds follows what readers see: whichever route changes it, in the same batch.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { type SearchAnswer, searchAnswerSchema } from '@progy/protocol/wire/search-answer.ts';
import { SEARCH_PATH, tarballPath, yankPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
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

/** A course of diego's under a name of its own, with a version for each description. */
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

t.test('after all of that the indexes hold what the list holds', async (t) => {
  for (const index of ['registry_search', 'registry_search_heads']) {
    const check = registry.env.DB.prepare(`INSERT INTO ${index} (${index}) VALUES ('integrity-check')`);
    t.same((await check.all()).results, [], index);
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
