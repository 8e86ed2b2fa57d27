// `progy search`, against the real registry, and its reaction to strange answers.
import t from 'tap';
import { startRegistry } from '../../../fixtures/start-registry.ts';
import { run, type SearchResult, views } from '../../commands/search.ts';
import { explainError } from '../../explain-error.ts';
import { testContext } from '../helpers/context.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';

const registry = await startRegistry({ seed: true });
t.teardown(() => registry.stop());
const context = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: registry.url } });
const search = (words: string[], size = 10) => run({ words, size }, context);

t.test('courses are shown best first, wrapped, with what to do next', async (t) => {
  const shown = views.human(await search(['rust', 'ownership']));
  t.equal(
    shown,
    `@diego/rust-mastery 1.0.0  Rust Mastery
  Ownership, enums and traits in eight short exercises: learn to read what the
  Rust compiler tells you.
  rust, systems, webassembly
  by Diego · today · 0 downloads in 30 days

Next: progy info @diego/rust-mastery --registry ${registry.url}`,
  );
  const narrow = views.human({ ...(await search(['rust'])), columns: 30 });
  for (const line of narrow.split('\n').filter((text) => !text.startsWith('Next'))) t.ok(line.length <= 50, line);
});

t.test('of more than was asked for, it says how many there are and how to see them', async (t) => {
  const result = await search(['scope:diego'], 1);
  t.match(result, { total: 2, courses: { length: 1 } });
  t.match(
    views.human(result),
    `\n1 of 2 courses. More: progy search scope:diego --size 20 --registry ${registry.url}\nNext: `,
  );
});

t.test('of so many that not all can be shown, it says so', async (t) => {
  const result = await searchAt(
    answer(200, { objects: [{ package: { name: '@x/y', version: '1.0.0' } }], total: 700, totalIsComplete: false }),
  );
  t.match(views.human(result), '\n1 of more than 700 courses. More: progy search x --size 20');
  t.match(views.json(result), { total: 700, totalIsComplete: false });
  t.match(await search(['mystery']), { totalIsComplete: true });
});

t.test('what a shell would split or expand is quoted in the command for more', async (t) => {
  const result = await search(['author:"Diego"', 'quest'], 1);
  t.match(views.human({ ...result, total: 9 }), 'progy search "author:\\"Diego\\"" quest --size 20');
});

t.test('nothing found teaches how to search', async (t) => {
  const result = await search(['qxzvw']);
  t.match(views.json(result), { text: 'qxzvw', total: 0, courses: [] });
  t.match(views.human(result), /^No courses found for: qxzvw\n\nTry fewer or different words/);
});

t.test('--json has every course with what is known of it', async (t) => {
  t.match(views.json(await search(['mystery'])), {
    total: 1,
    registry: registry.url,
    courses: [
      {
        name: '@marta/sql-detective',
        version: '1.2.0',
        title: 'SQL Detective: The Blue Heron',
        keywords: ['sql', 'sqlite', 'databases', 'mystery', 'beginners'],
        author: 'Marta Silva',
        publisher: 'marta',
        publishedAt: /^\d{4}-/,
        monthlyDownloads: 0,
      },
    ],
  });
});

async function searchAt(...answers: Parameters<typeof serveFaults>): Promise<SearchResult> {
  const server = await serveFaults(...answers);
  t.teardown(server.close);
  return run({ words: ['x'], size: 10, registry: server.url }, context);
}

t.test('another registry is shown as far as it tells, and nothing of it reaches the terminal raw', async (t) => {
  const evil = '\u001b]0;owned\u0007\u202e';
  const found = { name: `@x/y${evil}`, version: `1.0.0${evil}`, description: `${evil} a\n\nb`, keywords: [evil] };
  const result = await searchAt(answer(200, { objects: [{ package: found }], total: 1 }));
  t.notMatch(views.human(result), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  t.match(views.human(result), /^@x\/y\\u\{1b\}\]0;owned\\u\{7\}/);
});

t.test('an answer that is no list is an error, and so is a refusal', async (t) => {
  for (const body of [{}, { objects: [{}], total: 1 }, { objects: [], total: 'many' }]) {
    t.match(await searchAt(answer(200, body)).then(() => undefined, explainError), { code: 'NOT_A_REGISTRY' });
  }
  const tooLong = await search(['x'.repeat(1_001)]).then(() => undefined, explainError);
  t.match(tooLong, { code: 'INVALID_REQUEST', error: /1 to 1000 characters/ });
});
