// Owns how to get git on this system: one command, or the address to get it from.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../context.ts';

/** Package managers of Linux, and how each installs git. */
const LINUX: readonly [program: string, command: string][] = [
  ['apt-get', 'sudo apt-get install git'],
  ['dnf', 'sudo dnf install git'],
  ['pacman', 'sudo pacman -S git'],
  ['zypper', 'sudo zypper install git'],
  ['apk', 'sudo apk add git'],
];

/** What to type, or the page to go to, for somebody without git. @param platform as Node names it. */
export function howToGetGit(platform: string, env: Environment): string {
  if (platform === 'win32') return 'winget install Git.Git';
  if (platform === 'darwin') return 'xcode-select --install';
  const folders = (env.PATH ?? '').split(':').filter((folder) => folder !== '');
  const found = LINUX.find(([program]) => folders.some((folder) => existsSync(join(folder, program))));
  return found?.[1] ?? 'https://git-scm.com/downloads';
}
