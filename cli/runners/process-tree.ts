// Owns ending a program with everything that it started, also what left its group or lost its parent.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The variable that marks a program and, as it is inherited, all that it starts. */
export const MARK = 'PROGY_RUN';

/** Time to clean up after the polite signal. */
const GRACE_MS = 2_000;
const POLL_MS = 50;
/** What starts programs faster than they are ended is given up after this many rounds. */
const MAX_ROUNDS = 40;

/** The root of a tree of programs: the leader of a process group of its own. */
export interface Tree {
  readonly pid: number;
  /** Value of {@link MARK} in its environment. */
  readonly mark: string;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Known on Linux only. */
  readonly isMarked: boolean;
}

/** Ends a tree: first asks it to end, then, after two seconds, does not ask. Returns when nothing of it is left. */
export async function endTree(tree: Tree): Promise<void> {
  if (process.platform === 'win32') return endOnWindows(tree);
  const known = new Set([tree.pid]);
  signalAll([-tree.pid, ...(await membersOf(tree, known))], 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  while (Date.now() < deadline && (await membersOf(tree, known)).length > 0) await pause(POLL_MS);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const members = await membersOf(tree, known);
    if (members.length === 0) return;
    signalAll([-tree.pid, ...members], 'SIGKILL');
    await pause(POLL_MS);
  }
}

/** Ends at once what is still in the group of a tree. Does not wait: for the moment when progy itself ends. */
export function endGroup({ pid }: Pick<Tree, 'pid'>): void {
  if (process.platform !== 'win32') signalAll([-pid], 'SIGKILL');
}

async function endOnWindows({ pid }: Tree): Promise<void> {
  // It fails for a program that has ended, and then there is nothing to do.
  await promisify(execFile)('taskkill', ['/PID', String(pid), '/T', '/F']).catch(() => undefined);
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Live programs of a tree. Remembers them: one whose parent ends before the next look still belongs to it. */
async function membersOf({ pid, mark }: Tree, known: Set<number>): Promise<number[]> {
  const all = process.platform === 'linux' ? linuxProcesses(mark) : await otherProcesses();
  const members = all.filter((one) => one.group === pid || one.isMarked || known.has(one.pid));
  for (const member of members) known.add(member.pid);
  // Children of members, and theirs: each round finds one more generation.
  for (let found = members; found.length > 0; ) {
    const parents = new Set(found.map((one) => one.pid));
    found = all.filter((one) => parents.has(one.parent) && !known.has(one.pid));
    for (const one of found) known.add(one.pid);
  }
  return all.filter((one) => known.has(one.pid)).map((one) => one.pid);
}

/** What /proc tells, without programs that have ended and wait for their parents. */
function linuxProcesses(mark: string): Process[] {
  const entry = `${MARK}=${mark}`;
  return numbersIn('/proc').flatMap((name): Process[] => {
    const stat = readOrEmpty(`/proc/${name}/stat`);
    // The name of a program, in brackets, may hold anything.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === undefined || state === '' || 'ZX'.includes(state)) return [];
    const isMarked = readOrEmpty(`/proc/${name}/environ`).split('\0').includes(entry);
    return [{ pid: Number(name), parent: Number(parent), group: Number(group), isMarked }];
  });
}

/** None where /proc is not shown: then the group alone is ended. */
function numbersIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Empty for a program that has ended or belongs to somebody else. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

async function otherProcesses(): Promise<Process[]> {
  const listing = promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=']);
  const { stdout } = await listing.catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line): Process[] => {
    const [pid, parent, group, state = 'Z'] = line.trim().split(/\s+/);
    return state.startsWith('Z')
      ? []
      : [{ pid: Number(pid), parent: Number(parent), group: Number(group), isMarked: false }];
  });
}
