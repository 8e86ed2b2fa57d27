// engines.progy of a course: who may start it, and what the others are told.
import { readdir } from 'node:fs/promises';
import t from 'tap';
import { run } from '../../commands/init.ts';
import { checkEngine } from '../../course/engines.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { testContext } from '../helpers/context.ts';
import { fixtureTarball, serving } from '../helpers/course-server.ts';
import { serveFaults } from '../helpers/fault-server.ts';

const { version } = packageJson;
const COURSE = { name: '@diego/rust', version: '2.0.0' };
const REGISTRY = 'https://school.example';
const update = (registry: string) => `Update it from ${registry}`;

/** Whether this progy may run a course that asks for a range. */
const TABLE: [engine: string | undefined, fits: boolean][] = [
  [undefined, true],
  [`^${version}`, true],
  [version, true],
  ['*', true],
  ['>=0.0.1', true],
  ['whatever', true],
  ['', true],
  ['^99.0.0', false],
  ['<0.0.1', false],
];
for (const [engine, fits] of TABLE) {
  t.test(`${engine === undefined ? 'no engine' : `"${engine}"`} is ${fits ? 'fine' : 'refused'}`, async (t) => {
    const check = () => checkEngine({ ...COURSE, engine }, REGISTRY, { update });
    if (fits) t.doesNotThrow(check);
    else t.throws(check, { code: 'OTHER_PROGY_NEEDED' });
  });
}

t.test('the sentence names both, and the next step is to get the newest progy of the registry', async (t) => {
  const check = () => checkEngine({ ...COURSE, engine: '^99.0.0' }, REGISTRY, { update });
  t.throws(check, {
    message: `@diego/rust 2.0.0 needs progy ^99.0.0, and this is progy ${version}`,
    next: 'Update it from https://school.example',
  });
});

t.test('init refuses before it writes anything', async (t) => {
  const server = await serveFaults(serving(await fixtureTarball('rust-mastery'), { engine: '^99.0.0' }));
  t.teardown(server.close);
  const context = await testContext(t.testdir({}));
  const init = run({ spec: '@diego/rust-mastery', git: false, registry: server.url }, context);
  await t.rejects(init, { code: 'OTHER_PROGY_NEEDED', message: /needs progy \^99\.0\.0/ });
  t.same(await readdir(context.cwd), []);
});
