// Owns a `git` on the PATH that writes down the arguments of every call, and what others see of its environment, before it does as told.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface RecordedGit {
  /** For the environment of whoever calls git. */
  readonly PATH: string;
  /** One line for each call. */
  calls(): string[];
}

/** @param folder a new one. */
export async function recordGit(folder: string): Promise<RecordedGit> {
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const log = join(folder, 'calls.txt');
  await mkdir(folder, { recursive: true });
  await writeFile(log, '');
  await writeFile(
    join(folder, 'git'),
    `#!/bin/sh\nprintf '%s ' "$@" >>'${log}'\necho >>'${log}'\nexec '${real}' "$@"\n`,
  );
  await chmod(join(folder, 'git'), 0o755);
  return {
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    calls: () => readFileSync(log, 'utf8').trim().split('\n'),
  };
}
