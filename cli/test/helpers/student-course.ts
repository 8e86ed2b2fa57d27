// Owns a course that a student has started, with its lock and a first commit, without a registry.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockText } from '../../student/lock.ts';

/** Runs git for a test. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/**
 * Starts a course.
 * @param folder absolute path of a new one.
 * @param registry URL, with a slash at the end.
 * @returns the id of the commit.
 */
export async function startStudentCourse(folder: string, registry = 'https://registry.test/'): Promise<string> {
  await mkdir(folder, { recursive: true });
  const lock = {
    lockfileVersion: 1 as const,
    name: '@diego/rust-mastery',
    version: '1.0.0',
    resolved: `${registry}@diego/rust-mastery/-/rust-mastery-1.0.0.tgz`,
    integrity: 'sha512-AAAA',
    registry,
  };
  await writeFile(join(folder, 'progy-lock.json'), lockText(lock));
  await writeFile(join(folder, 'README.md'), '# Rust\n');
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '--all');
  return commit(folder, 'Start @diego/rust-mastery 1.0.0');
}

/** Commits what is there, and returns the id. */
export function commit(folder: string, message: string): string {
  git(folder, 'add', '--all');
  git(folder, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', 'commit', '--quiet', '-m', message);
  return git(folder, 'rev-parse', 'HEAD');
}
