import { readdir } from 'node:fs/promises';
import t, { type Test } from 'tap';
import { run as deprecate } from '../../commands/deprecate.ts';
import * as init from '../../commands/init.ts';
import * as unyank from '../../commands/unyank.ts';
import * as yank from '../../commands/yank.ts';
import { explainError } from '../../explain-error.ts';
import { testContext } from '../helpers/context.ts';
import { openInstructor } from '../helpers/lifecycle.ts';

const { context, url, course, get } = await openInstructor(t);

/** What a student gets, or the refusal, and the warnings. */
async function start(t: Test, spec: string) {
  const student = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: url } });
  const got = await init.run({ spec, git: false }, student).catch((error) => explainError(error));
  return { got, warnings: student.talk.warnings, left: await readdir(student.cwd) };
}

t.test('yank tells where the tags went, and how to take it back', async (t) => {
  const name = await course('1.0.0', '1.1.0');
  const result = await yank.run({ spec: `${name}@1.1.0`, reason: 'Exercise 3 deletes files' }, context);
  t.equal(
    yank.views.human(result),
    [
      `Yanked: ${name}@1.1.0 (Exercise 3 deletes files)`,
      '  dist-tag latest moves from 1.1.0 to 1.0.0',
      'Lockfiles and the exact version still install it.',
      '',
      `Next: publish a fixed version. To undo the yank: progy unyank ${name}@1.1.0 --registry ${url}`,
    ].join('\n'),
  );
  t.same(yank.views.json(result), {
    name,
    version: '1.1.0',
    yanked: 'Exercise 3 deletes files',
    already: false,
    distTags: { before: { latest: '1.1.0' }, after: { latest: '1.0.0' } },
    registry: url,
  });
  t.match(await get(`/${name}`), { versions: { '1.1.0': { deprecated: 'yanked: Exercise 3 deletes files' } } });
  const again = await yank.run({ spec: `${name}@1.1.0`, reason: 'Exercise 3 deletes files' }, context);
  t.match(yank.views.human(again), /^Already yanked: /);
});

t.test('unyank shows it again, and says where latest went', async (t) => {
  const name = await course('1.0.0', '1.1.0');
  await yank.run({ spec: `${name}@1.1.0` }, context);
  const result = await unyank.run({ spec: `${name}@1.1.0` }, context);
  t.equal(
    unyank.views.human(result),
    `No longer yanked: ${name}@1.1.0\n  dist-tag latest moves from 1.0.0 to 1.1.0\n\nNext: progy init ${name}@1.1.0 --registry ${url}`,
  );
  t.match(unyank.views.human(await unyank.run({ spec: `${name}@1.1.0` }, context)), `${name}@1.1.0 is not yanked\n`);
});

t.test('progy init never chooses a yanked version by itself, not even where all others are deprecated', async (t) => {
  const name = await course('1.0.0', '1.0.1', '1.1.0', '2.0.0');
  for (const version of ['1.0.1', '1.1.0', '2.0.0']) await yank.run({ spec: `${name}@${version}` }, context);
  for (const suffix of ['', '@^1', '@1', '@>=1', '@latest', '@~1.0.0', '@*']) {
    const { got, warnings } = await start(t, name + suffix);
    t.match(got, { version: '1.0.0' }, suffix);
    t.same(warnings, [], suffix);
  }
  await deprecate({ spec: `${name}@1.0.0`, message: 'old' }, context);
  const { got, warnings } = await start(t, `${name}@^1`);
  t.match(got, { version: '1.0.0' });
  t.same(warnings, [`${name}@1.0.0 is deprecated: old`]);
});

t.test('the exact number still gets it, with the reason as a warning', async (t) => {
  const name = await course('1.0.0', '1.1.0');
  await yank.run({ spec: `${name}@1.0.0`, reason: 'loses data' }, context);
  const { got, warnings } = await start(t, `${name}@1.0.0`);
  t.match(got, { version: '1.0.0', yanked: 'loses data' });
  t.same(warnings, [`${name}@1.0.0 is yanked: loses data`]);
});

t.test('a range or tag that only yanked versions match is refused, and the exact spec is named', async (t) => {
  const name = await course('1.0.0', '1.1.0', '2.0.0');
  for (const version of ['1.0.0', '1.1.0']) await yank.run({ spec: `${name}@${version}`, reason: 'wrong' }, context);
  const refused = {
    code: 'YANKED',
    error: `Every matching version is yanked. ${name}@1.1.0 is yanked: wrong`,
    next: `To start it anyway: progy init ${name}@1.1.0 --registry ${url}`,
  };
  const { got, left } = await start(t, `${name}@^1`);
  t.match(got, refused);
  t.same(left, [], 'nothing was written');
  const last = await yank.run({ spec: `${name}@2.0.0` }, context);
  t.match(yank.views.human(last), '\n  dist-tag latest stays on it because every version is yanked\n');
  for (const suffix of ['', '@latest', '@>=2'])
    t.match((await start(t, name + suffix)).got, { code: 'YANKED' }, suffix);
});

t.test('what cannot be yanked is told in words', async (t) => {
  const name = await course('1.0.0');
  for (const spec of [name, `${name}@^1`, `${name}@latest`, `${name}@v1.0.0`]) {
    const refused = { code: 'USAGE', next: `For example: progy yank ${name}@1.0.0` };
    await t.rejects(yank.run({ spec }, context), refused, spec);
    await t.rejects(unyank.run({ spec }, context), { code: 'USAGE', next: /progy unyank/ }, spec);
  }
  await t.rejects(yank.run({ spec: `${name}@9.0.0` }, context), { code: 'VERSION_NOT_FOUND' });
  await t.rejects(yank.run({ spec: 'none' }, context), { code: 'INVALID_NAME' });
  const nobody = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: url } });
  await t.rejects(yank.run({ spec: `${name}@1.0.0` }, nobody), { code: 'UNAUTHORIZED' });
});
