// Owns how people get progy and call it: the name of its package, its registry, and the command for a machine without it.
import type { PackageName } from '../course/package-name.ts';

/** The package that progy itself comes in. Every registry serves its own. Not parsed: progy loads this whenever it starts. */
export const CLIENT: PackageName = { scope: 'progy', slug: 'cli', full: '@progy/cli' };

/**
 * The registry that progy asks unless it is told another. A registry that serves progy writes its own address over this
 * text in the built files, so that progy asks the registry it came from.
 */
export const HOME_REGISTRY = 'https://registry.progy.dev';

/**
 * Calls progy, from a registry, on a machine with nothing but Node: `npx --yes --@progy:registry=https://R @progy/cli`.
 * Only the scope of progy is asked for there; `--yes` answers npx, which would ask whether to install.
 * @param registry its address, with or without a slash at the end.
 */
export function progyFrom(registry: string): string {
  return `npx --yes --@${CLIENT.scope}:registry=${registry.replace(/\/$/, '')} ${CLIENT.full}`;
}

/** Where people without npm get progy: a script for a shell, and one for PowerShell. */
export const INSTALL_SCRIPT_PATHS = { sh: '/install.sh', ps1: '/install.ps1' } as const;

/** Installs the newest progy of a registry, or updates to it, for people who have npm. */
export function installFrom(registry: string): string {
  return `npm install --global --@${CLIENT.scope}:registry=${registry.replace(/\/$/, '')} ${CLIENT.full}`;
}
