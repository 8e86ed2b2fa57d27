// Owns names that tell which process something belongs to, and whether that process still runs.
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** A home on a network drive is shared by several machines. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

let marks = 0;

/** A new mark of this process: `1a2b3c4d-4711-1`. */
export function newMark(): string {
  return `${MACHINE}-${process.pid}-${++marks}`;
}

/** Whether a mark belongs to a process that has ended. Of other machines' processes nobody here knows: they count as running. */
export function isAbandoned(mark: string): boolean {
  const [machine, pid] = mark.split('-');
  return machine === MACHINE && !isAlive(Number(pid));
}

/** Signal 0 only asks. EPERM: it is alive and somebody else's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
