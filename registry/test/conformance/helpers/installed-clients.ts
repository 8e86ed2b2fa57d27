// Owns getting the clients of clients.json: from the public npm registry, once, into .clients/, whole or not at all.
import { createHash } from 'node:crypto';
import { access, cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOnPath } from '../../clients/helpers/npm-programs.ts';
import { runProgram } from '../../clients/helpers/run-program.ts';

/** Exact versions, and none of these packages has dependencies without one: the same names always get the same files. */
const LIST = fileURLToPath(new URL('../clients.json', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../../.clients/', import.meta.url));
const INSTALL = ['install', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
/** Milliseconds; about 100 MB have to arrive. */
const PATIENCE = 10 * 60_000;

/**
 * The node_modules folder with the clients. A folder of that name is complete, because only a finished
 * installation gets the name; each list, platform and architecture has its own.
 * @throws {Error} with npm's output, if it could not get them.
 */
export async function installClients(list = LIST, cache = CACHE): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(list))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, `${process.platform}-${process.arch}-${hash}`);
  if (!(await exists(folder))) await installInto(folder, list);
  return join(folder, 'node_modules');
}

async function installInto(folder: string, list: string): Promise<void> {
  // A name of its own: several test files may begin at once.
  const attempt = `${folder}.${process.pid}.installing`;
  await mkdir(attempt, { recursive: true });
  await cp(list, join(attempt, 'package.json'));
  const npm = await findOnPath('npm');
  if (npm === undefined) throw new Error('This machine has no npm to install the clients with');
  const options = { cwd: attempt, env: process.env, patience: PATIENCE };
  const { code, stderr } = await runProgram([npm], [...INSTALL, '--prefix', attempt], options);
  if (code !== 0) throw new Error(`npm could not install the clients:\n${stderr}`);
  await rename(attempt, folder).catch(async (error: unknown) => {
    if (!(await exists(folder))) throw error;
    // Somebody else was faster.
    await rm(attempt, { recursive: true, force: true });
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

if (import.meta.main) console.log(await installClients());
