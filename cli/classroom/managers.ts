// Owns what a class types into each package manager.

import type { Manager } from './lockfiles/locked-course.ts';
import type { LockfileName } from './lockfiles/read-lockfile.ts';

export const MANAGERS = ['npm', 'pnpm', 'yarn', 'yarn1', 'bun'] as const satisfies readonly Manager[];

export interface ManagerCommands {
  readonly lockfile: LockfileName;
  /** What students type to install exactly what is locked. */
  readonly install: string;
  /** What they type to start. */
  readonly start: string;
  /** Name of the program, and the arguments that write the lockfile, where possible without installing. */
  readonly lock: readonly [program: string, ...args: string[]];
}

export const COMMANDS: Record<Manager, ManagerCommands> = {
  npm: {
    lockfile: 'package-lock.json',
    install: 'npm ci',
    start: 'npm start',
    lock: ['npm', 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'],
  },
  pnpm: {
    lockfile: 'pnpm-lock.yaml',
    install: 'pnpm install --frozen-lockfile',
    start: 'pnpm start',
    lock: ['pnpm', 'install', '--lockfile-only', '--ignore-scripts', '--no-frozen-lockfile'],
  },
  yarn: {
    lockfile: 'yarn.lock',
    install: 'yarn install --immutable',
    start: 'yarn start',
    lock: ['yarn', 'install', '--mode=update-lockfile', '--no-immutable'],
  },
  yarn1: {
    lockfile: 'yarn.lock',
    install: 'yarn install --frozen-lockfile',
    start: 'yarn start',
    lock: ['yarn', 'install', '--ignore-scripts', '--non-interactive', '--no-progress'],
  },
  bun: {
    lockfile: 'bun.lock',
    install: 'bun install --frozen-lockfile',
    start: 'bun run start',
    lock: ['bun', 'install', '--lockfile-only', '--ignore-scripts'],
  },
};
