import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { resolutionSchema } from '@progy/protocol/wire/resolution.ts';
import { resolvePath } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { startRegistry } from '../../../fixtures/start-registry.ts';
import * as pack from '../../commands/pack.ts';
import { type PublishResult, run, views } from '../../commands/publish.ts';
import { createRegistryClient } from '../../registry/client.ts';
import type { PublishOptions } from '../../usage/publish.ts';
import { testContext } from '../helpers/context.ts';

const registry = await startRegistry();
t.teardown(() => registry.stop());
const { url } = registry;
const RUST = fileURLToPath(new URL('../../../fixtures/courses/rust-mastery', import.meta.url));

const place = { url: `${url}/`, label: url, isDefault: false };
const signal = new AbortController().signal;
const token = await createRegistryClient(place, signal).login('diego', 'a-good-password');

/** A temporary folder that nobody else writes to. Whether it was written to is seen by its time, which starts at 0. */
async function ownTemporaryFolder(t: Test, parent: string): Promise<string> {
  const folder = join(parent, 'temporary');
  await mkdir(folder);
  await utimes(folder, 0, 0);
  const { TMPDIR } = process.env;
  t.teardown(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  });
  process.env.TMPDIR = folder;
  return folder;
}

interface CourseJson {
  name?: string;
  version?: string;
}

/** A person who stands in a course of their own and is signed in. */
async function author(t: Test, course: CourseJson, env: Record<string, string> = { PROGY_TOKEN: token }) {
  const context = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: url, ...env } });
  await mkdir(join(context.cwd, 'content'), { recursive: true });
  await writeFile(join(context.cwd, 'content', 'a.md'), 'Hello');
  await writeFile(
    join(context.cwd, 'course.json'),
    JSON.stringify({ name: '@diego/small', version: '1.0.0', ...course }),
  );
  return { context, publish: (options: PublishOptions = {}) => run(options, context) };
}

async function versionsOf(name: string): Promise<string[]> {
  const response = await fetch(url + resolvePath(parsePackageName(name)));
  if (response.status === 404) return [];
  return resolutionSchema.parse(await response.json()).versions;
}

const json = (result: PublishResult) => views.json(result) as Record<string, unknown>;

t.test('the folder is packed and published, and the answer is what the registry has', async (t) => {
  const context = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: url, PROGY_TOKEN: token } });
  const result = await run({}, { ...context, cwd: RUST });
  const fields = json(result);
  t.match(fields, { name: '@diego/rust-mastery', version: '1.0.0', dryRun: false });
  const bytes = Buffer.from(await (await fetch(String(fields.url))).arrayBuffer());
  t.equal(bytes.length, fields.sizeBytes);
  t.equal(createHash('sha256').update(bytes).digest('hex'), fields.checksum);
  t.equal(`sha512-${createHash('sha512').update(bytes).digest('base64')}`, fields.integrity);
  t.match(views.human(result), `Published @diego/rust-mastery@1.0.0\n  url       ${fields.url}\n`);
  t.ok(views.human(result).endsWith(`Next: progy init @diego/rust-mastery --registry ${url}`));
});

t.test('publishing the same again says so; other content under the version is refused', async (t) => {
  const { context, publish } = await author(t, { name: '@diego/twice' });
  t.notMatch(json(await publish()), { already: true });
  const again = await publish();
  t.match(json(again), { already: true });
  t.match(views.human(again), /is already published with the same content/);
  await writeFile(join(context.cwd, 'content', 'a.md'), 'Other');
  await t.rejects(publish(), { code: 'VERSION_EXISTS' });
});

t.test('a stale .progy file beside the course is never sent', async (t) => {
  const { context, publish } = await author(t, { name: '@diego/fresh' });
  await pack.run({}, context);
  await writeFile(join(context.cwd, 'content', 'a.md'), 'Newer than the packed file');
  const { tree } = await publish();
  const packedNow = await pack.run({ output: 'now.progy' }, context);
  t.equal(tree, packedNow.tree);
});

t.test('a given file is sent as it is', async (t) => {
  const { context, publish } = await author(t, { name: '@diego/given' });
  const packed = await pack.run({ output: 'given.progy' }, context);
  await writeFile(join(context.cwd, 'content', 'a.md'), 'Not what was packed');
  t.match(json(await publish({ file: 'given.progy' })), { checksum: packed.checksum, tree: packed.tree });
});

t.test('a damaged or missing file is found before anything travels', async (t) => {
  const { context, publish } = await author(t, { name: '@diego/damaged' });
  const { path } = await pack.run({ output: 'x.progy' }, context);
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length - 10));
  await t.rejects(publish({ file: 'x.progy' }), { code: 'INVALID_ARTIFACT' });
  await t.rejects(publish({ file: 'none.progy' }), { code: 'FILE_NOT_FOUND' });
  await t.rejects(publish({ file: 'content' }), { code: 'FILE_NOT_FOUND', next: /progy publish/ });
  t.same(await versionsOf('@diego/damaged'), []);
});

t.test('--dry-run does everything but send', async (t) => {
  const { context, publish } = await author(t, { name: '@diego/dry' }, {});
  const temporary = await ownTemporaryFolder(t, context.home);
  const result = await publish({ dryRun: true });
  const lines = views.human(result).split('\n');
  t.equal(lines[0], '[DRY-RUN] Validating course.json... OK');
  t.match(lines[1], /^\[DRY-RUN\] Packing files\.\.\. \(\d+B\)$/);
  t.equal(lines[2], '[DRY-RUN] Would publish @diego/dry v1.0.0');
  t.match(json(result), { dryRun: true, name: '@diego/dry', checksum: /^[0-9a-f]{64}$/ });
  t.same(await versionsOf('@diego/dry'), []);
  t.same((await readdir(context.cwd)).sort(), ['content', 'course.json'], 'and leaves no file');
  t.same(await readdir(temporary), [], 'neither there nor in the temporary folder');
  t.not((await stat(temporary)).mtimeMs, 0, 'where it did pack');
});

t.test('a prerelease needs a tag, and a tag is no version', async (t) => {
  const { publish } = await author(t, { name: '@diego/early', version: '1.0.0-beta.1' });
  await t.rejects(publish(), { code: 'TAG_REQUIRED' });
  await t.rejects(publish({ tag: '1.0' }), { code: 'INVALID_TAG' });
  const result = await publish({ tag: 'beta' });
  t.match(json(result), { tag: 'beta' });
  t.match(views.human(result), /Next: progy init @diego\/early@beta --registry/);
});

t.test('a tag that was not set because the version is older is said', async (t) => {
  const { context, publish } = await author(t, { name: '@diego/tagged' });
  await publish();
  await publish({ tag: 'fall' });
  t.match(context.talk.warnings, [/The tag fall was not set.*npm dist-tag add @diego\/tagged@1\.0\.0 fall/]);
});

t.test('who is not signed in, or not the owner, is told before the file travels', async (t) => {
  const stranger = await author(t, {}, {});
  await t.rejects(stranger.publish(), { code: 'UNAUTHORIZED', message: `You are not signed in to ${url}` });
  const guest = await author(t, { name: '@marta/small' });
  await t.rejects(guest.publish(), { code: 'FORBIDDEN' });
  const expired = await author(t, {}, { PROGY_TOKEN: 'long-gone' });
  await t.rejects(expired.publish(), { code: 'UNAUTHORIZED' });
});

t.test('what is new comes with the lines that let pnpm and yarn install it today', async (t) => {
  const { publish } = await author(t, { name: '@diego/today' });
  const shown = views.human(await publish());
  t.match(shown, '\n  pnpm-workspace.yaml  minimumReleaseAgeExclude: ["@diego/*"]\n');
  t.match(shown, '\n  .yarnrc.yml          npmPreapprovedPackages: ["@diego/*"]\n');
  t.notMatch(views.human(await publish()), /minimumReleaseAgeExclude/, 'what was there before needs none');
});

t.test('--force is for admins', async (t) => {
  const { publish } = await author(t, { name: '@marta/forced' });
  await t.rejects(publish({ force: true }), { code: 'FORBIDDEN', message: /Only an admin/ });
});

t.test('the scope’s registry in the project’s .npmrc is where a course goes', async (t) => {
  const { context } = await author(t, { name: '@diego/mapped' });
  await cp(context.cwd, join(context.cwd, '..', 'mapped'), { recursive: true });
  const cwd = join(context.cwd, '..', 'mapped');
  await writeFile(join(cwd, 'package.json'), '{}');
  await writeFile(join(cwd, '.npmrc'), `@diego:registry=${url}\n`);
  await writeFile(join(context.home, '.npmrc'), `${url.replace('http:', '')}/:_authToken=${token}\n`);
  const env = { PATH: process.env.PATH };
  t.match(json(await run({}, { ...context, cwd, env })), { name: '@diego/mapped', registry: url });
});

t.test('what CHANGELOG.md says of the version is published with it', async (t) => {
  const name = '@diego/told';
  const { context, publish } = await author(t, { name, version: '1.1.0' });
  await writeFile(join(context.cwd, 'CHANGELOG.md'), '## 1.1.0\n\n- A second exercise.\n\n## 1.0.0\n\n- The first.\n');
  await publish();
  const resolution = await (await fetch(url + resolvePath(parsePackageName(name)))).json();
  t.equal(resolutionSchema.parse(resolution).artifacts['1.1.0']?.changelog, '- A second exercise.');
});
