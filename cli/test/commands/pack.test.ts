import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { run, views } from '../../commands/pack.ts';
import { testContext } from '../helpers/context.ts';

const RUST = new URL('../../../fixtures/courses/rust-mastery', import.meta.url).pathname;

t.test('the file goes where the person stands, under the name of slug and version', async (t) => {
  const context = await testContext(t.testdir({}));
  const result = await run({ dir: RUST }, context);
  t.same(await readdir(context.cwd), ['rust-mastery-1.0.0.progy']);
  t.equal(result.path, join(context.cwd, 'rust-mastery-1.0.0.progy'));
  t.match(views.human(result), /^Packed @diego\/rust-mastery 1\.0\.0 into rust-mastery-1\.0\.0\.progy\n/);
  t.match(views.human(result), /Next: progy publish rust-mastery-1\.0\.0\.progy$/);
});

t.test('-o names a file, or a folder for the usual name', async (t) => {
  const context = await testContext(t.testdir({ work: { build: {} } }));
  t.equal((await run({ dir: RUST, output: 'my.progy' }, context)).shownPath, 'my.progy');
  t.equal((await run({ dir: RUST, output: 'build' }, context)).shownPath, join('build', 'rust-mastery-1.0.0.progy'));
});

t.test('the output never packs itself', async (t) => {
  const context = await testContext(
    t.testdir({ work: { 'course.json': '{"name":"@diego/rust","version":"1.0.0"}', content: { 'a.md': '' } } }),
  );
  const first = await run({ output: 'course.zip' }, context);
  const second = await run({ output: 'course.zip' }, context);
  t.equal(second.integrity, first.integrity);
  t.equal(second.files.length, 2);
});

t.test('--list shows each file, --json counts them', async (t) => {
  const context = await testContext(t.testdir({}));
  const result = await run({ dir: RUST, list: true }, context);
  const text = views.human(result);
  for (const { path } of result.files) t.match(text, path);
  t.match(text, / x {2}runner\/check\.sh/);
  const json = views.json(result) as Record<string, unknown>;
  t.match(json, {
    name: '@diego/rust-mastery',
    version: '1.0.0',
    fileCount: result.files.length,
    sizeBytes: (await readFile(result.path)).length,
  });
  t.equal((json.files as unknown[]).length, result.files.length);
});

t.test('warnings are said, and packing goes on', async (t) => {
  const context = await testContext(
    t.testdir({ work: { 'course.json': '{"name":"@diego/rust","version":"1.0.0"}', content: { 'server.pem': '' } } }),
  );
  await run({}, context);
  t.match(context.talk.warnings, [/server\.pem looks like a secret/]);
});

const DEFECTS: Record<string, string> = {
  'case-collision': 'INVALID_ARTIFACT',
  'course-json-in-a-subfolder': 'INVALID_COURSE',
  'course-json-not-json': 'INVALID_COURSE',
  'course-json-not-an-object': 'INVALID_COURSE',
  'description-not-a-string': 'INVALID_COURSE',
  'empty-content-folder': 'INVALID_COURSE',
  'name-missing': 'INVALID_NAME',
  'name-upper-case': 'INVALID_NAME',
  'no-content-folder': 'INVALID_COURSE',
  'no-course-json': 'INVALID_COURSE',
  'version-with-v': 'INVALID_VERSION',
  'version-with-build-metadata': 'INVALID_VERSION',
  'windows-reserved-name': 'INVALID_ARTIFACT',
};
for (const [defect, code] of Object.entries(DEFECTS)) {
  t.test(`${defect} is ${code}, and no file appears`, async (t) => {
    const context = await testContext(t.testdir({}));
    const dir = new URL(`../../../fixtures/courses/defects/${defect}`, import.meta.url).pathname;
    await t.rejects(run({ dir }, context), { code });
    t.same(await readdir(context.cwd), []);
  });
}
