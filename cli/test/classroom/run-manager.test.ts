import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Manager } from '../../classroom/lockfiles/locked-course.ts';
import { managerVersion } from '../../classroom/run-manager.ts';
import { testContext } from '../helpers/context.ts';

/** A yarn that says something else first, as Corepack's does when it fetches Yarn, and Node's warnings do. */
async function talkativeYarn(t: Test, version: string) {
  const bin = join(t.testdir({}), 'bin');
  await mkdir(bin);
  const path = join(bin, 'yarn');
  await writeFile(path, `#!/bin/sh\necho '! Corepack is about to download yarn' >&2\necho ${version}\n`);
  await chmod(path, 0o755);
  const context = await testContext(bin, { env: { PATH: `${bin}:/usr/bin:/bin` } });
  return (manager: Manager) => managerVersion(manager, bin, context);
}

t.test('the version of a package manager is what it prints as one, without what it says beside it', async (t) => {
  const yarn4 = await talkativeYarn(t, '4.18.0');
  t.equal(await yarn4('yarn'), '4.18.0');
  await t.rejects(yarn4('yarn1'), { code: 'MANAGER_FAILED', message: /^This yarn is 4\.18\.0,/ });
});

t.test('Yarn 1 is known as Yarn 1, whatever it says beside its version', async (t) => {
  const yarn1 = await talkativeYarn(t, '1.22.22');
  t.equal(await yarn1('yarn1'), '1.22.22');
  await t.rejects(yarn1('yarn'), { code: 'MANAGER_FAILED', message: /^This yarn is 1\.22\.22,/ });
});
