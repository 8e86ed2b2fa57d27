// Owns the resident memory of workerd, as Linux counts it.
import { readdir, readFile } from 'node:fs/promises';

/** The workerd that a registry process started. */
export async function workerdOf(parent: number): Promise<number> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const [, command, parentOf] = /\((.*)\) \S (\d+)/.exec(stat) ?? [];
    if (command === 'workerd' && Number(parentOf) === parent) return Number(name);
  }
  throw new Error(`process ${parent} has no workerd`);
}

/** Megabytes now (`VmRSS`) or at most so far (`VmHWM`). */
export async function residentMb(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}
