// Owns the seeds of an empty local registry: two accounts and the fixture courses, published by the real CLI.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loginPath } from '@progy/protocol/wire/urls.ts';
import { CannotStart } from './local-registry.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Password of the seeded accounts. They exist on this machine only. */
export const SEED_PASSWORD = 'progy-demo-pass';

const SEEDS = [
  { username: 'diego', courses: ['rust-mastery', 'javascript-quest'] },
  { username: 'marta', courses: ['sql-detective'] },
];

/**
 * Creates the accounts and publishes their courses.
 * @throws {CannotStart} if the registry does not create accounts this way.
 */
export async function seed(url: string): Promise<void> {
  for (const { username, courses } of SEEDS) {
    const token = await signUp(url, username);
    for (const course of courses) await publish(url, token, course);
  }
}

async function signUp(url: string, name: string): Promise<string> {
  const response = await fetch(url + loginPath(name), {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password: SEED_PASSWORD, type: 'user' }),
  });
  const body = (await response.json()) as { token?: string; error?: string };
  // With LEGACY_SIGNUP off, a new name is answered like a wrong password.
  if (response.status === 401) {
    throw new CannotStart(
      `The account ${name} cannot be made here. Add --no-seed, or start once without --var LEGACY_SIGNUP:off`,
    );
  }
  if (body.token === undefined) throw new Error(`The account ${name} could not be made: ${body.error}`);
  return body.token;
}

async function publish(url: string, token: string, course: string): Promise<void> {
  await run(process.execPath, [join(ROOT, 'cli/progy.js'), 'publish', '--json'], {
    cwd: join(ROOT, 'fixtures/courses', course),
    env: { ...process.env, PROGY_REGISTRY: url, PROGY_TOKEN: token },
  });
}
