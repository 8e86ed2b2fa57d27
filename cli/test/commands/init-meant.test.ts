// `progy init` with something other than the name of a course.
import { readdir } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import t, { type Test } from 'tap';
import { run } from '../../commands/init.ts';
import { explainError } from '../../explain-error.ts';
import { testContext } from '../helpers/context.ts';
import { fixtureTarball, serving } from '../helpers/course-server.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';

const tarball = await fixtureTarball('rust-mastery');
const serve = serving(tarball, { dist: (dist) => ({ ...dist, unpackedSize: 12_345 }) });
const NAMES = ['@diego/rust-mastery', '@diego/rust-basics', '@marta/sql-detective'];

function found(names: readonly string[]) {
  const objects = names.map((name) => ({ package: { name, version: '1.0.0', description: `About ${name}` } }));
  return { objects, total: objects.length };
}

/** One course that can be started, and a search that finds whatever has the word in it. */
const registry: RequestListener = (request, response) => {
  const url = new URL(request.url ?? '', 'http://r.test');
  const text = url.searchParams.get('text')?.replace('scope:', '@') ?? '';
  if (url.pathname === '/-/v1/search')
    return answer(200, found(NAMES.filter((name) => name.includes(text))))(request, response);
  if (/rust-mastery|keys/.test(url.pathname)) return serve(request, response);
  return answer(404, { error: 'No such course', code: 'PACKAGE_NOT_FOUND' })(request, response);
};

async function student(t: Test, answers?: string[], listener = registry) {
  const server = await serveFaults(listener);
  t.teardown(server.close);
  const context = await testContext(t.testdir({}), {
    answers,
    watched: answers !== undefined,
    env: { PROGY_REGISTRY: server.url },
  });
  const init = (spec?: string, more = {}) => run({ spec, git: false, ...more }, context);
  const failing = (spec?: string, more = {}) => init(spec, more).then(() => undefined, explainError);
  return { context, init, failing, server };
}

t.test('nobody is asked without a terminal: the right command is printed, and nothing is written', async (t) => {
  const { failing, server, context } = await student(t);
  const table: Record<string, [code: string, start: string]> = {
    'rust-mastery': ['INVALID_NAME', 'progy init @diego/rust-mastery'],
    'Rust-Mastry': ['INVALID_NAME', 'progy init @diego/rust-mastery'],
    '@Diego/Rust-Mastery': ['INVALID_NAME', 'progy init @diego/rust-mastery'],
    'diego/rust-mastery': ['INVALID_NAME', 'progy init @diego/rust-mastery'],
    'npm install @diego/rust-mastery': ['INVALID_NAME', 'progy init @diego/rust-mastery'],
    '@diego/rust-mastry': ['PACKAGE_NOT_FOUND', 'progy init @diego/rust-mastery'],
    '@dieg/rust-masteri': ['PACKAGE_NOT_FOUND', 'progy init @diego/rust-mastery'],
    [`${server.url}/@diego/rust-mastery`]: ['INVALID_NAME', 'progy init @diego/rust-mastery'],
  };
  for (const [typed, [code, start]] of Object.entries(table)) {
    t.match(
      await failing(typed),
      { code, next: `${start} --registry ${server.url}`, error: /Did you mean @diego\// },
      typed,
    );
  }
  t.match(await failing('@diego/rust-mastry', { dir: 'my rust' }), {
    next: / @diego\/rust-mastery "my rust" --registry /,
  });
  t.match((await failing('rust-mastry'))?.details, { suggestions: ['@diego/rust-mastery'] });
  t.same(await readdir(context.cwd), []);
});

t.test('an address of another registry is started from there', async (t) => {
  const { failing } = await student(t);
  t.match(await failing('https://other.test/@diego/rust-mastery'), {
    next: 'progy init @diego/rust-mastery --registry https://other.test',
  });
});

t.test('without anything similar, a search is proposed; without a name, too', async (t) => {
  const { failing, server } = await student(t);
  t.match(await failing('quantum-knitting'), {
    code: 'INVALID_NAME',
    error: '"quantum-knitting" is not the name of a course',
    next: `progy search knitting quantum --registry ${server.url}`,
  });
  t.match(await failing(), { code: 'USAGE', error: 'Say which course to start', next: /progy search/ });
});

t.test('a registry that cannot search suggests nothing, and the error stays', async (t) => {
  const { failing } = await student(t, undefined, answer(500, { error: 'broken', code: 'INTERNAL' }));
  t.match(await failing('rust-mastry'), { code: 'INVALID_NAME', next: /progy search/ });
});

t.test('a person chooses, or chooses none', async (t) => {
  const chosen = await student(t, ['@diego/rust-mastery']);
  t.match(await chosen.init('rust'), { name: '@diego/rust-mastery', shownPath: 'rust-mastery' });
  const misspelt = await student(t, ['@diego/rust-mastery']);
  t.match(await misspelt.init('@diego/rust-mastry', { dir: 'here' }), {
    name: '@diego/rust-mastery',
    shownPath: 'here',
  });
  const words = await student(t, ['rust', '@diego/rust-mastery']);
  t.match(await words.init(), { name: '@diego/rust-mastery' });
  const none = await student(t, ['None of these']);
  t.match(await none.failing('rust'), { code: 'INTERRUPTED' });
});

t.test('with --yes, a person is not asked either', async (t) => {
  const { failing, context } = await student(t, ['@diego/rust-mastery']);
  t.match(await failing('rust-mastry', { yes: true }), {
    code: 'INVALID_NAME',
    next: /^progy init @diego\/rust-mastery/,
  });
  t.equal(context.talk.answers.length, 1);
});

t.test('the right name makes no request more', async (t) => {
  const { init, server } = await student(t);
  await init('@diego/rust-mastery');
  t.equal(server.requests.length, 3);
});

t.test('whoever is watching sees the plan before anything is written; nobody else does', async (t) => {
  const { init, context, server } = await student(t, ['unused']);
  await init('@diego/rust-mastery', { dir: 'course' });
  t.match(context.talk.notes, [
    `@diego/rust-mastery 1.0.0\n  12.3 kB\n  into course\n  from ${server.url}, which does not sign`,
  ]);
  const quiet = await student(t);
  await quiet.init('@diego/rust-mastery');
  t.same(quiet.context.talk.notes, []);
});
