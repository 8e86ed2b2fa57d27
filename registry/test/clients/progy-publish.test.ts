// The progy command of an admin: --force publishes without the right to and past the hourly limit, and overwrites nothing.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openRegistry } from '../harness.ts';
import { temporaryFolder } from './helpers/folders.ts';
import { progy } from './helpers/progy.ts';

const registry = await openRegistry(t, { PUBLISH_VERSIONS_PER_HOUR: '1' });
const ines = await registry.signUp('ines');
await registry.signUp('diego');
await registry.env.DB.prepare("UPDATE user SET role = 'admin' WHERE username = 'ines'").run();

/** Publishes a course of diego's, as the admin. */
async function publish(t: Test, version: string, content: string, ...options: string[]): Promise<string> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'content'));
  await writeFile(join(folder, 'course.json'), JSON.stringify({ name: '@diego/rescued', version }));
  await writeFile(join(folder, 'content', 'a.md'), content);
  const env = { PROGY_REGISTRY: registry.url, PROGY_TOKEN: ines };
  return progy(['publish', ...options], { cwd: folder, home: folder, env });
}

t.test('an admin publishes into a scope of somebody else only with --force, and past the limit', async (t) => {
  await t.rejects(publish(t, '1.0.0', 'one'), /You do not own @diego/);
  for (const version of ['1.0.0', '1.0.1', '1.0.2'])
    t.match(await publish(t, version, 'one', '--force'), `Published @diego/rescued@${version}\n`);
  await t.rejects(publish(t, '1.0.0', 'two', '--force'), /Version 1\.0\.0 already exists with other content/);
  const logged = registry.env.DB.prepare("SELECT after FROM registry_audit_log WHERE action = 'publish' LIMIT 1");
  t.match(JSON.parse((await logged.first<string>('after')) ?? '{}'), { force: true });
});
