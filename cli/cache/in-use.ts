// Owns which content is in use by running processes: each leaves a mark while it reads.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbandoned, newMark } from '../process-mark.ts';
import { orNone } from './content.ts';

const MARKS = 'in-use';

/** Runs work while content counts as in use. A cache that cannot be written to loses nothing either. */
export async function whileInUse<T>(folder: string, integrity: string, work: () => Promise<T>): Promise<T> {
  const mark = join(folder, MARKS, `${hexOf(integrity)}.${newMark()}`);
  await leave(mark).catch(() => {});
  try {
    return await work();
  } finally {
    await rm(mark, { force: true }).catch(() => {});
  }
}

/** Tells which content is in use. Marks of processes that have ended are removed. */
export async function findInUse(folder: string): Promise<(integrity: string) => boolean> {
  const used = new Set<string>();
  for (const name of await readdir(join(folder, MARKS)).catch(orNone)) {
    const [hex = '', mark = ''] = name.split('.');
    if (isAbandoned(mark)) await rm(join(folder, MARKS, name), { force: true });
    else used.add(hex);
  }
  return (integrity) => used.has(hexOf(integrity));
}

async function leave(mark: string): Promise<void> {
  await mkdir(join(mark, '..'), { recursive: true });
  await writeFile(mark, '');
}

/** Short enough for any file system, and enough to tell content apart. */
function hexOf(integrity: string): string {
  return Buffer.from(integrity.slice(integrity.indexOf('-') + 1), 'base64')
    .toString('hex')
    .slice(0, 40);
}
