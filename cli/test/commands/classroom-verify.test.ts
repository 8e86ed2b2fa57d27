import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { run, views } from '../../commands/classroom-verify.ts';
import { classFolder, installInto, lockedIntegrity } from '../helpers/class-folders.ts';
import { testContext } from '../helpers/context.ts';
import { fixtureTarball, flipped, integrityOf, serving } from '../helpers/course-server.ts';
import { serveFaults } from '../helpers/fault-server.ts';
import { lockfileOf } from '../helpers/lockfiles.ts';

const rust = await fixtureTarball('rust-mastery');
const NAME = '@diego/rust-mastery';
const KINDS = ['npm', 'npm1', 'pnpm', 'yarn', 'bun'];

/** A class with lockfiles of several package managers, all of them true. */
async function classroom(t: Test, kinds: readonly string[] = KINDS) {
  const server = await serveFaults(serving(rust));
  t.teardown(server.close);
  const context = await testContext(t.testdir({}));
  const lock = async (kind: string, version = '1.0.0', integrity?: string) => {
    const { fileName, text } = lockfileOf(kind, NAME, version, integrity ?? (await lockedIntegrity(kind, rust)));
    await writeFile(join(context.cwd, fileName), text);
  };
  await classFolder(context.cwd, [rust], { registry: server.url });
  for (const kind of kinds) await lock(kind);
  return { context, lock, verify: () => run({}, context) };
}

t.test('every lockfile and what is installed agree with the registry', async (t) => {
  const { context, verify } = await classroom(t);
  await installInto(context.cwd, rust);
  const result = await verify();
  const places = [
    'npm-shrinkwrap.json',
    'package-lock.json',
    'pnpm-lock.yaml',
    'yarn.lock',
    'bun.lock',
    'node_modules',
  ];
  t.same(
    result.places.map(({ place }) => place),
    places,
  );
  t.match(views.human(result), /@diego\/rust-mastery {2}1\.0\.0 {4}yarn\.lock {12}as published and signed\n/);
});

for (const kind of KINDS) {
  t.test(`${kind}: a lockfile with other bytes is named`, async (t) => {
    const { lock, verify } = await classroom(t);
    await lock(kind, '1.0.0', kind === 'yarn' ? 'a'.repeat(128) : integrityOf(flipped(rust.bytes)));
    const { fileName } = lockfileOf(kind, NAME, '', '');
    await t.rejects(verify(), {
      code: 'LOCKFILE_MISMATCH',
      message: new RegExp(`^${fileName} \\(${NAME}\\): [^;]+ serves other bytes [^;]+$`),
    });
  });
}

t.test('lockfiles of different versions, and those without the course, are named', async (t) => {
  const { context, lock, verify } = await classroom(t);
  await lock('bun', '1.1.0');
  await writeFile(join(context.cwd, 'pnpm-lock.yaml'), "lockfileVersion: '9.0'\n");
  await t.rejects(verify(), {
    message:
      'pnpm-lock.yaml (@diego/rust-mastery): does not pin the course; bun.lock (@diego/rust-mastery): pins 1.1.0, not 1.0.0',
  });
});

t.test('a file that somebody changed in node_modules is seen', async (t) => {
  const { context, verify } = await classroom(t, ['npm']);
  const folder = await installInto(context.cwd, rust);
  await verify();
  await appendFile(join(folder, 'README.md'), ' ');
  await t.rejects(verify(), { message: /^node_modules \(.+\): holds files that somebody changed$/ });
});
