import { join } from 'node:path';
import t from 'tap';
import { run, views } from '../../commands/reset.ts';
import { began, stateOf, treeAt } from '../helpers/term.ts';

const FILES = { 'content/a/01_x/x.js': 'x\n', 'content/a/01_x/run.sh': '#!/bin/sh\n', 'content/a/02_y/y.js': 'y\n' };

t.test('an exercise is as published, and what the student had comes back with the command that is shown', async (t) => {
  const { ana } = await began(t, FILES);
  await ana.write({ 'content/a/01_x/x.js': 'committed\n', 'content/a/02_y/y.js': 'mine\n' });
  ana.commit('Work');
  await ana.write({
    'content/a/01_x/x.js': 'not committed\n',
    'content/a/01_x/run.sh': null,
    'content/a/01_x/own.js': 'own\n',
  });
  const before = await stateOf(ana);
  const result = await run({ path: 'x', yes: true }, ana.context);
  t.same(result.files, ['content/a/01_x/run.sh', 'content/a/01_x/x.js']);
  t.match(await treeAt(ana.folder), {
    'content/a/01_x/x.js': '- x\n',
    'content/a/01_x/run.sh': 'x #!/bin/sh\n',
    'content/a/01_x/own.js': '- own\n',
    'content/a/02_y/y.js': '- mine\n',
  });
  const restore = /Next: to get back what you had, git (.*)$/.exec(views.human(result))?.[1] ?? '';
  t.equal(ana.git('rev-parse', 'HEAD'), before.head, 'nothing is committed to the student’s branch');
  ana.git(...restore.split(' '));
  t.equal(await ana.read('content/a/01_x/x.js'), 'not committed\n');
  t.match(views.human(await run({ path: 'content/a/02_y', yes: true }, ana.context)), /1 file is as published/);
  t.match(
    views.human(await run({ path: 'content/a/02_y', yes: true }, ana.context)),
    /as published in @diego\/term 1\.0\.0 already$/,
  );
});

t.test('it asks first, and undo takes it back', async (t) => {
  const { ana } = await began(t, FILES, { git: false });
  await ana.write({ 'content/a/01_x/x.js': 'mine\n' });
  const before = await treeAt(ana.folder);
  const here = { ...ana.context, cwd: join(ana.folder, 'content', 'a') };
  await t.rejects(run({ path: '01_x' }, here), {
    code: 'NOT_AGREED',
    next: 'To put them back: progy reset 01_x --yes',
  });
  ana.context.talk.answers.push('no');
  await t.rejects(run({ path: '01_x' }, here), { code: 'NOT_AGREED' });
  t.same(await treeAt(ana.folder), before);
  ana.context.talk.answers.push('y');
  t.match(views.human(await run({ path: '01_x' }, here)), /what you had, progy update --undo$/);
  t.equal(await ana.read('content/a/01_x/x.js'), 'x\n');
  await ana.update({ undo: true });
  t.same(await treeAt(ana.folder), before);
  await t.rejects(run({ path: 'nothing', yes: true }, here), { code: 'EXERCISE_NOT_FOUND' });
});

t.test('an exercise may be named as progy list names it', async (t) => {
  const { ana } = await began(t, FILES);
  await ana.write({ 'content/a/01_x/x.js': 'mine\n', 'content/a/02_y/y.js': 'mine\n' });
  t.same((await run({ path: '1.2', yes: true }, ana.context)).files, ['content/a/02_y/y.js']);
  t.same((await run({ path: '1', yes: true }, ana.context)).files, ['content/a/01_x/x.js']);
  await t.rejects(run({ path: '1.9', yes: true }, ana.context), {
    code: 'EXERCISE_NOT_FOUND',
    next: 'See them all: progy list',
  });
});
