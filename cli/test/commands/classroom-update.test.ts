// The registry is a real one: what is new comes from its documents. The package manager is npm.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { run as create } from '../../commands/classroom-create.ts';
import { run as update, views } from '../../commands/classroom-update.ts';
import { run as pack } from '../../commands/pack.ts';
import { withArtifactFile } from '../../course/artifact.ts';
import { chooseRegistry } from '../../registry/choice.ts';
import { createRegistryClient } from '../../registry/client.ts';
import { openInstructor } from '../helpers/lifecycle.ts';
import { pathWith } from '../helpers/package-managers.ts';

const instructor = await openInstructor(t);
const name = await instructor.course('1.0.0', '1.1.0');

/** A class on 1.0.0. */
async function classroom(dir: string) {
  const PATH = await pathWith('npm', join(instructor.context.home, dir));
  const teacher = { ...instructor.context, env: { ...instructor.context.env, PATH } };
  await create({ courses: [`${name}@1.0.0`], manager: 'npm', git: false, dir, registry: instructor.url }, teacher);
  const folder = join(teacher.cwd, dir);
  const read = async () => {
    const [manifest = '', lock = ''] = await Promise.all(
      ['package.json', 'package-lock.json'].map((file) => readFile(join(folder, file), 'utf8')),
    );
    return { manifest, lock };
  };
  return { context: { ...teacher, cwd: folder }, read, folder };
}

/** Publishes a version with another exercise, and a changelog. */
async function publishNext(version: string): Promise<void> {
  const folder = join(instructor.context.home, name, version);
  await mkdir(join(folder, 'content', '01', '02'), { recursive: true });
  await mkdir(join(folder, 'content', '01', '01'), { recursive: true });
  await writeFile(join(folder, 'course.json'), JSON.stringify({ name, version }));
  await writeFile(join(folder, 'content', '01', '01', 'README.md'), '# One\n');
  await writeFile(join(folder, 'content', '01', '02', 'README.md'), '# Two\n');
  const { path } = await pack({}, { ...instructor.context, cwd: folder });
  const registry = await chooseRegistry(instructor.context, undefined);
  const client = createRegistryClient(registry, instructor.context.signal);
  const metadata = { changelog: 'A second exercise.' };
  await withArtifactFile(path, (source) => client.publish(source, 'course.progy', metadata, () => {}));
}

t.test('a dry run shows what is new and what students will see, and changes nothing', async (t) => {
  await publishNext('1.2.0');
  const { context, read } = await classroom('dry');
  const before = await read();
  const result = await update({ courses: [], dryRun: true }, context);
  t.match(result.moves, [{ name, from: '1.0.0', to: '1.2.0', added: ['01/02'], removed: [] }]);
  const said = views.human(result);
  t.match(said, `${name} 1.0.0 → 1.2.0\n  1.2.0:\n    A second exercise.\n  new:\n    01/02\n`);
  t.match(
    said,
    /who has keeps their work on 1\.0\.0; the start command tells them to run: progy update --to 1\.2\.0\n/,
  );
  t.same(await read(), before);
});

t.test('the class moves to the version that was named, in package.json and the lockfile', async (t) => {
  const { context, read } = await classroom('move');
  const said = views.human(await update({ courses: [`${name}@1.1.0`] }, context));
  t.match(said, /\nNext: commit package\.json and the lockfile, and push them$/);
  const { manifest, lock } = await read();
  t.equal(JSON.parse(manifest).dependencies[name], '1.1.0');
  t.match(JSON.parse(lock).packages[`node_modules/${name}`], { version: '1.1.0', integrity: /^sha512-/ });
  t.match(
    views.human(await update({ courses: [`${name}@1.1.0`] }, context)),
    /^The class has the newest versions already\./,
  );
});

t.test('if the package manager fails, every file is as before', async (t) => {
  const { context, read } = await classroom('fails');
  const before = await read();
  const without = { ...context, env: { ...context.env, PATH: '/nowhere' } };
  await t.rejects(update({ courses: [] }, without), { code: 'MANAGER_FAILED' });
  t.same(await read(), before);
});

t.test('a course that the class does not pin is not added', async (t) => {
  const { context } = await classroom('other');
  await t.rejects(update({ courses: ['@diego/other'] }, context), { code: 'NOT_IN_A_CLASS' });
});
