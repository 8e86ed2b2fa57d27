// Owns running wrangler's commands on this repository, silently unless they fail.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Folder of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const CONFIG = fileURLToPath(new URL('../../../wrangler.toml', import.meta.url));
/** What is shipped beside the Worker; `[assets]` of wrangler.toml names it. */
export const SHIPPED_FOLDER = fileURLToPath(new URL('../../../.wrangler/shipped', import.meta.url));
const WRANGLER = fileURLToPath(import.meta.resolve('wrangler/package.json').replace('package.json', 'bin/wrangler.js'));
const run = promisify(execFile);

/** @throws {Error} with all of wrangler's output. */
export async function wrangler(args: readonly string[]): Promise<void> {
  const env = { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false', NO_UPDATE_NOTIFIER: '1' };
  try {
    await run(process.execPath, [WRANGLER, ...args, '--config', CONFIG], { cwd: ROOT, env });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`wrangler ${args.slice(0, 3).join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
