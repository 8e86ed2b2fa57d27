// Owns what progy doctor says about the machine: proxy variables and the cache.
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context, Environment } from '../context.ts';
import { cacheFolder } from '../registry/cache.ts';
import { formatSize, shellWord } from '../terminal/format.ts';
import { type Check, fail, ok } from './check.ts';

const PROXY_VARIABLES = /^(?:https?|no)_proxy$/i;

/** The variables that decide which proxy is used, without passwords. */
export function checkProxy(env: Environment): Check {
  const set = Object.entries(env).filter(([name, value]) => PROXY_VARIABLES.test(name) && value !== '');
  const wrong = set.find(([name, value]) => !/^no_/i.test(name) && !isProxy(value ?? ''));
  if (wrong !== undefined) {
    return fail(
      'proxy',
      `${wrong[0]} is not the address of a proxy`,
      `Set it to an address such as http://proxy:8080, or: unset ${wrong[0]}`,
    );
  }
  if (set.length === 0) return ok('proxy', 'none');
  return ok('proxy', set.map(([name, value]) => `${name}=${withoutPassword(value ?? '')}`).join(', '));
}

function isProxy(address: string): boolean {
  return /^https?:$/.test(URL.parse(address)?.protocol ?? '');
}

function withoutPassword(address: string): string {
  const url = URL.parse(address);
  if (url === null || url.username === '') return address;
  url.username = '***';
  url.password = '';
  return url.href;
}

/** Where the cache is, how much is in it, and whether more can be written. */
export async function checkCache({ env, home }: Context): Promise<Check> {
  const folder = cacheFolder(process.platform, env, home);
  const parent = await existing(folder);
  const isWritable = await access(parent, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) return fail('cache', `${parent} cannot be written to`, howToOwn(parent));
  return ok('cache', `${folder}, ${formatSize(await sizeOf(folder))}`);
}

function howToOwn(folder: string): string {
  return process.platform === 'win32'
    ? `icacls "${folder}" /grant "%USERNAME%":F /T`
    : `sudo chown -R "$USER" ${shellWord(folder)}`;
}

async function existing(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : existing(dirname(folder));
}

/** Bytes of all files below; what another process removes meanwhile does not count. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let total = 0;
  for (const entry of entries.filter((found) => found.isFile())) {
    total += await stat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return total;
}
