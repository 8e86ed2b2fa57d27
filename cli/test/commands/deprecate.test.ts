import t from 'tap';
import { run, views } from '../../commands/deprecate.ts';
import * as init from '../../commands/init.ts';
import { testContext } from '../helpers/context.ts';
import { openInstructor } from '../helpers/lifecycle.ts';

const { context, url, course, get } = await openInstructor(t);
const deprecate = (spec: string, message: string) => run({ spec, message }, context);

/** `{version: deprecated}` of the versions that have one. */
async function messages(name: string): Promise<Record<string, string>> {
  const { versions } = await get(`/${name}`);
  const entries = Object.entries(versions as Record<string, { deprecated?: string }>);
  return Object.fromEntries(
    entries.flatMap(([version, { deprecated }]) => (deprecated ? [[version, deprecated]] : [])),
  );
}

t.test('one version, a range, a tag or all of a course get a message, and an empty one takes it back', async (t) => {
  const name = await course('1.0.0', '1.1.0', '2.0.0', '3.0.0-beta.1');
  const all = ['1.0.0', '1.1.0', '2.0.0', '3.0.0-beta.1'];
  const table: [suffix: string, versions: string[]][] = [
    ['@1.0.0', ['1.0.0']],
    ['@^1', ['1.0.0', '1.1.0']],
    ['@<2 || >2', ['1.0.0', '1.1.0', '3.0.0-beta.1']],
    ['@next', ['3.0.0-beta.1']],
    ['@latest', ['2.0.0']],
    ['', all],
    ['@*', all],
  ];
  for (const [suffix, versions] of table) {
    const result = await deprecate(name + suffix, ' use 4.0.0 ');
    t.same([...result.versions].sort(), versions, suffix);
    t.same(await messages(name), Object.fromEntries(versions.map((version) => [version, 'use 4.0.0'])), suffix);
    await deprecate(name, '');
    t.same(await messages(name), {}, suffix);
  }
});

t.test('the answer names the versions and ends with how to take it back', async (t) => {
  const name = await course('1.0.0', '1.1.0');
  const result = await deprecate(`${name}@<2`, 'Use 2.0.0');
  t.equal(
    views.human(result),
    `Deprecated: 2 versions of ${name}\n  1.1.0\n  1.0.0\n\nNext: to undo this: progy deprecate "${name}@<2" "" --registry ${url}`,
  );
  t.same(views.json(result), { name, versions: ['1.1.0', '1.0.0'], message: 'Use 2.0.0', registry: url });
  const undone = await deprecate(`${name}@1.0.0`, '');
  t.match(views.human(undone), new RegExp(`^No longer deprecated: 1 version of ${name}\n  1\\.0\\.0\n\nNext: `));
});

t.test('progy init warns with the message', async (t) => {
  const name = await course('1.0.0');
  await deprecate(name, 'Use another\u001b[31m course');
  const student = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: url } });
  const result = await init.run({ spec: name, git: false }, student);
  t.same(student.talk.warnings, [`${name}@1.0.0 is deprecated: Use another\\u{1b}[31m course`]);
  t.match(init.views.json(result), { deprecated: 'Use another\\u{1b}[31m course', yanked: undefined });
});

t.test('what cannot be deprecated is told in words, and nothing changes', async (t) => {
  const name = await course('1.0.0');
  const refused = { code: 'VERSION_NOT_FOUND' };
  await t.rejects(deprecate(`${name}@^9`, 'x'), { ...refused, message: `No version of ${name} matches ^9` });
  await t.rejects(deprecate(`${name}@none`, 'x'), { ...refused, message: `${name} has no dist-tag none` });
  await t.rejects(deprecate(`${name}@constructor`, 'x'), refused);
  await t.rejects(deprecate('@diego/none', 'x'), { code: 'PACKAGE_NOT_FOUND' });
  await t.rejects(deprecate('none', 'x'), { code: 'INVALID_NAME' });
  await t.rejects(deprecate(name, 'x'.repeat(501)), { code: 'INVALID_REQUEST', message: /at most 500 characters/ });
  const nobody = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: url } });
  await t.rejects(run({ spec: name, message: 'x' }, nobody), { code: 'UNAUTHORIZED' });
  t.same(await messages(name), {});
});
