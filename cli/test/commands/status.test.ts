import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { run, views } from '../../commands/status.ts';
import { began, NAME } from '../helpers/term.ts';

for (const git of [true, false]) {
  t.test(`it says what is touched, and what is new (${git ? 'with' : 'without'} a repository)`, async (t) => {
    const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n', '.gitignore': 'out/\n' };
    const { ana, publish } = await began(t, files, { git });
    t.match(
      views.human(await run({}, ana.context)),
      /^@diego\/term 1\.0\.0\n {2}changes {2}none: it is as published\n\nNext: go on/,
    );
    await ana.write({ 'a.txt': 'mine\n', 'b.txt': 'b\r\n', 'c.txt': null, 'own/x.txt': 'x\n', 'out/y.txt': 'y\n' });
    const deeper = { ...ana.context, cwd: join(ana.folder, 'content', 'a') };
    const result = await run({}, deeper);
    t.match(result, {
      name: NAME,
      version: '1.0.0',
      newVersion: null,
      work: { changed: ['a.txt'], removed: ['c.txt'], added: ['own/x.txt'] },
    });
    t.match(
      views.human(result),
      / {2}changed {2}a\.txt\n {2}yours {4}own\/x\.txt\n {2}removed {2}c\.txt\n\nNext: .*progy diff$/,
    );
    await publish('1.1.0', files);
    t.match(views.human(await run({}, ana.context)), / {2}new {6}1\.1\.0\n[\s\S]*Next: .*progy update --dry-run$/);
  });
}

t.test('without a network it is quiet about new versions, and knows the rest from the cache', async (t) => {
  const { ana, registry } = await began(t, { 'a.txt': 'a\n' });
  await ana.write({ 'a.txt': 'mine\n' });
  await registry.close();
  t.match(views.json(await run({}, ana.context)), { newVersion: null, work: { changed: ['a.txt'] } });
  await rm(join(ana.context.home, '.progy'), { recursive: true });
  const result = await run({}, ana.context);
  t.match(views.human(result), /changes {2}not known: the published course is not in the cache/);
  t.match(views.json(result), { work: null });
});

t.test('what the publisher says about the version is shown', async (t) => {
  const { ana, registry } = await began(t, {});
  registry.note('1.0.0', { yanked: 'wrong answers in the third exercise' });
  t.match(
    views.human(await run({}, ana.context)),
    /@diego\/term@1\.0\.0 is yanked: wrong answers in the third exercise/,
  );
});

t.test('an update with open conflicts is said', async (t) => {
  const { ana, publish } = await began(t, { 'a.txt': 'a\n' });
  await ana.write({ 'a.txt': 'mine\n' });
  await publish('1.1.0', { 'a.txt': 'theirs\n' });
  await ana.update();
  const result = await run({}, ana.context);
  t.match(result, { version: '1.1.0', isMerging: true, work: { changed: ['a.txt'] } });
  t.match(views.human(result), /under way[\s\S]*progy update --abort$/);
});
