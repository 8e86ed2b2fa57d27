// Asking before a program of a course runs: once for each copy, version and command.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { askConsent, type Consent } from '../../runners/trust.ts';
import { testContext } from '../helpers/context.ts';

async function person(t: Test, answers: string[]) {
  const context = await testContext(t.testdir({}), { answers, watched: true });
  const asked = (more: Partial<Consent> = {}) =>
    askConsent(
      {
        course: '@diego/rust 1.0.0',
        folder: context.cwd,
        commands: ['node x'],
        shown: ['node x'],
        again: 'progy test --yes',
        yes: false,
        ...more,
      },
      context,
    );
  return { context, asked };
}

t.test('yes is remembered, for this copy, version and command alone', async (t) => {
  const { context, asked } = await person(t, ['yes', 'y', 'YES', 'yes']);
  await asked();
  t.match(context.talk.told[0], '@diego/rust 1.0.0 wants to run this on your computer:\n\n  node x\n');
  await asked();
  t.equal(context.talk.answers.length, 3, 'not asked again');
  await asked({ course: '@diego/rust 1.0.1' });
  await asked({ commands: ['node y'] });
  const copy = join(context.home, 'copy');
  await mkdir(copy);
  await asked({ folder: copy });
  t.equal(context.talk.answers.length, 0);
});

t.test('anything else is no', async (t) => {
  const { asked } = await person(t, ['no', 'n', '', 'yesterday']);
  for (let count = 0; count < 4; count++) await t.rejects(asked(), { code: 'NOT_AGREED', message: 'Nothing was run' });
});

t.test('where nobody can answer it is refused, with the option that agrees', async (t) => {
  const { asked } = await person(t, []);
  const refusal = {
    code: 'NOT_AGREED',
    message: '@diego/rust 1.0.0 wants to run a program, and nobody can be asked: node x',
    next: 'If you trust its author: progy test --yes',
  };
  await t.rejects(asked(), refusal);
  const piped = await testContext(t.testdir({}));
  await t.rejects(
    askConsent(
      {
        course: '@diego/rust 1.0.0',
        folder: piped.cwd,
        commands: [],
        shown: ['node x'],
        again: 'progy test --yes',
        yes: false,
      },
      piped,
    ),
    refusal,
  );
});

t.test('--yes agrees without a question, and is remembered', async (t) => {
  const { asked } = await person(t, []);
  await asked({ yes: true });
  await asked();
});

t.test('answers are kept in the person’s home, for them alone, and a broken file asks again', async (t) => {
  const { context, asked } = await person(t, ['yes', 'yes']);
  await asked();
  const file = join(context.home, '.progy', 'trusted.json');
  t.equal((await stat(file)).mode & 0o777, 0o600);
  t.notMatch(await readFile(file, 'utf8'), context.cwd);
  await writeFile(file, '{"trusted": 1}');
  await asked();
  t.equal(context.talk.answers.length, 0);
});

t.test('what a course wants to run is shown without effect on the terminal', async (t) => {
  const { context, asked } = await person(t, ['no']);
  await t.rejects(asked({ shown: ['node \u001b[2Jx'] }));
  t.notMatch(context.talk.told.join(), '\u001b');
});
