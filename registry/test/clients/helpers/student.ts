// Owns the student of a test: their own machine with one npm and a class folder.
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Machine, newMachine, uncommentToken } from './machine.ts';
import type { Npm } from './npm-programs.ts';
import { type Ended, type Reply, runProgram } from './run-program.ts';

export interface Student extends Machine {
  npm: Npm;
  runNpm(args: readonly string[], more?: { cwd?: string; replies?: readonly Reply[] }): Promise<Ended>;
  /** Follows the comment on private courses in the class's .npmrc. */
  useToken(token: string): Promise<void>;
}

/** Sets up a machine where that npm was never used. */
export async function newStudent(t: Test, npm: Npm, registry: string): Promise<Student> {
  const machine = await newMachine(t, registry, ['.npmrc']);
  const { classroom, env } = machine;
  return {
    ...machine,
    npm,
    runNpm: (args, more) => runProgram(npm.program, args, { cwd: classroom, env, ...more }),
    useToken: async (token) => {
      env.PROGY_TOKEN = token;
      await uncommentToken(join(classroom, '.npmrc'));
    },
  };
}
