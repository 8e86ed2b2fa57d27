// Owns an instructor at a real registry, with courses in several versions.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'tap';
import { startRegistry } from '../../../fixtures/start-registry.ts';
import * as publish from '../../commands/publish.ts';
import type { Context } from '../../context.ts';
import { createRegistryClient } from '../../registry/client.ts';
import { testContext } from './context.ts';

export interface Instructor {
  context: Context;
  url: string;
  /** Publishes these versions under a new name, a prerelease as `next`, and returns the name. */
  course(...versions: string[]): Promise<string>;
  /** The registry's answer to a path. */
  get(path: string): Promise<Record<string, unknown>>;
}

/** Signs diego in to a registry that stops when the test file ends. */
export async function openInstructor(t: Test): Promise<Instructor> {
  const registry = await startRegistry();
  t.teardown(() => registry.stop());
  const { url } = registry;
  const folder = t.testdir({});
  const signal = new AbortController().signal;
  const token = await createRegistryClient({ url: `${url}/`, label: url, isDefault: false }, signal).login(
    'diego',
    'a-good-password',
  );
  const context = await testContext(folder, { env: { PROGY_REGISTRY: url, PROGY_TOKEN: token } });
  let courses = 0;
  return {
    context,
    url,
    async course(...versions) {
      const name = `@diego/course-${++courses}`;
      for (const version of versions) await publishVersion(join(folder, name, version), name, version, context);
      return name;
    },
    get: async (path) => (await (await fetch(new URL(path, url))).json()) as Record<string, unknown>,
  };
}

async function publishVersion(folder: string, name: string, version: string, context: Context): Promise<void> {
  await mkdir(join(folder, 'content', '01', '01'), { recursive: true });
  await writeFile(join(folder, 'course.json'), JSON.stringify({ name, version }));
  await writeFile(join(folder, 'content', '01', '01', 'README.md'), `# ${version}\n`);
  await publish.run({ tag: version.includes('-') ? 'next' : undefined }, { ...context, cwd: folder });
}
