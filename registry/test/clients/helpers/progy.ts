// Owns running the progy command for tests, as somebody whose home is a folder of the test.
import { fileURLToPath } from 'node:url';
import { type Ended, freshEnvironment, type Program, runProgram } from './run-program.ts';

const PROGY: Program = [process.execPath, fileURLToPath(new URL('../../../../cli/progy.js', import.meta.url))];

interface ProgyOptions {
  cwd: string;
  home: string;
  /** Such as PROGY_REGISTRY and PROGY_TOKEN. */
  env?: NodeJS.ProcessEnv;
  /** Octal; by default that of this process. */
  umask?: string;
}

/**
 * Runs progy and returns its output.
 * @throws {Error} with all of its output, if it fails.
 */
export async function progy(args: readonly string[], { cwd, home, env, umask }: ProgyOptions): Promise<string> {
  const program: Program =
    umask === undefined ? PROGY : ['sh', '-c', `umask ${umask} && exec "$@"`, 'with-umask', ...PROGY];
  const ended: Ended = await runProgram(program, args, { cwd, env: { ...freshEnvironment(home), ...env } });
  if (ended.code !== 0) throw new Error(`progy ${args.join(' ')} ended with ${ended.code}:\n${ended.stderr}`);
  return ended.stdout;
}
