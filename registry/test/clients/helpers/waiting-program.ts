// Owns a program that prints an address and waits for somebody to open it.
import { spawn } from 'node:child_process';
import type { Test } from 'tap';
import type { Program } from './run-program.ts';

const ADDRESS = /https?:\/\/\S+\/login\?code=\S+/;

export interface Waiting {
  /** The address that it prints. */
  address(): Promise<string>;
  /** Resolves once it has printed that. */
  says(what: RegExp): Promise<RegExpExecArray>;
  /** Closes its input, as a person who gives up does. */
  hangUp(): void;
  /** Its exit code. */
  ended(): Promise<number | null>;
  /** All it has printed. */
  output(): string;
}

/** Starts a program. All of its processes end with the test. */
export function startWaiting(
  t: Test,
  program: Program,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Waiting {
  const [command, ...first] = program;
  const child = spawn(command, [...first, ...args], { cwd, env, stdio: 'pipe' });
  let output = '';
  const listeners = new Set<() => void>();
  const tellAll = () => listeners.forEach((listener) => void listener());
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      tellAll();
    });
  }
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  void closed.then(tellAll);
  t.teardown(() => child.kill('SIGKILL'));
  const says = (what: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = what.exec(output);
        if (match !== null) resolve(match);
        else if (child.exitCode !== null) reject(new Error(`It ended with ${child.exitCode}:\n${output}`));
      };
      listeners.add(look);
      look();
    });
  return {
    says,
    address: async () => (await says(ADDRESS))[0],
    hangUp: () => child.stdin.end(),
    ended: () => closed,
    output: () => output,
  };
}
