// Owns running commands for the demo as a person would type them, and printing their output.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';

export interface Step {
  /** Folder the command runs in. */
  cwd: string;
  /** The command as a person types it. */
  typed: string;
  /** Program and arguments that actually run. */
  command: readonly [string, ...string[]];
  stdin?: string;
  /** Expected exit code; 0 unless the step shows a refusal. */
  exit?: number;
  /** Lines of output to show; the rest is counted. */
  lines?: number;
}

/** Prints the heading of a scene. */
export function scene(title: string): void {
  console.log(`\n${'─'.repeat(78)}\n${title}\n`);
}

/**
 * Runs one command, prints it and its output.
 * @returns its standard output.
 * @throws {Error} if it does not end as expected.
 */
export async function type(step: Step, env: NodeJS.ProcessEnv): Promise<string> {
  console.log(`$ ${step.typed}`);
  const [program, ...args] = step.command;
  const child = spawn(program, args, { cwd: step.cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that reads no input may end before the pipe is closed.
  child.stdin.on('error', () => undefined);
  child.stdin.end(step.stdin);
  const exited = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  show(stderr + stdout, step.lines ?? 40);
  const expected = step.exit ?? 0;
  if (code !== expected) throw new Error(`"${step.typed}" ended with ${code}, not ${expected}`);
  return stdout;
}

function show(output: string, limit: number): void {
  const lines = stripVTControlCharacters(output)
    .trimEnd()
    .split('\n')
    .filter((line, i, all) => line !== '' || all[i - 1] !== '');
  for (const line of lines.slice(0, limit)) console.log(`  ${line}`);
  if (lines.length > limit) console.log(`  … ${lines.length - limit} more lines`);
  console.log();
}
