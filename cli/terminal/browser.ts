// Owns opening a web page for the person at the terminal.
import { spawn } from 'node:child_process';
import type { Context, Environment } from '../context.ts';

/** A program and its first arguments. */
type Opener = readonly [string, ...string[]];

/**
 * Opens a page, if there is a browser that the person would see.
 * @returns whether it was tried. A failure is ignored, because the address was printed too.
 */
export function openBrowser(url: string, { env, talk }: Pick<Context, 'env' | 'talk'>): boolean {
  const opener = talk.watched ? openerFor(process.platform, env) : undefined;
  if (opener === undefined) return false;
  const [program, ...args] = opener;
  const child = spawn(program, [...args, url], { env: { ...env }, stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
  return true;
}

/**
 * What opens pages on a machine; undefined if nothing does, or if they would open on a screen elsewhere.
 * @param platform as Node names it.
 */
export function openerFor(platform: NodeJS.Platform, env: Environment): Opener | undefined {
  // Editors set it in their terminals, to reach the browser on the person's own machine.
  if (env.BROWSER) return env.BROWSER === 'none' ? undefined : [env.BROWSER];
  if (env.SSH_CONNECTION || env.SSH_TTY) return undefined;
  if (platform === 'darwin') return ['open'];
  // Not `start`: cmd would read an & in the address.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  if (env.WSL_DISTRO_NAME) return ['rundll32.exe', 'url.dll,FileProtocolHandler'];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}
