// Owns starting scripts on Windows, which does not read the first line that names their interpreter.
import { open } from 'node:fs/promises';
import { win32 } from 'node:path';
import type { Step } from './step.ts';

const MAX_FIRST_LINE = 256;

interface Startable {
  readonly words: Step['words'];
  /** Whether a window of its own has to be kept from appearing. */
  readonly hidden: boolean;
}

/** The words to start: on Windows, those of a script after those of its interpreter. */
export async function startable(words: Step['words'], platform: NodeJS.Platform): Promise<Startable> {
  if (platform !== 'win32') return { words, hidden: false };
  const interpreter = win32.isAbsolute(words[0]) ? interpreterIn(await firstLineOf(words[0])) : undefined;
  return { words: interpreter === undefined ? words : [...interpreter, ...words], hidden: true };
}

/**
 * The interpreter that a script's first line names, by name alone: `python3` for `#!/usr/bin/env python3`. Windows has no
 * /usr/bin, and finds the program in PATH.
 */
export function interpreterIn(firstLine: string): [string, ...string[]] | undefined {
  if (!firstLine.startsWith('#!')) return undefined;
  const [program = '', ...args] = firstLine
    .slice(2)
    .trim()
    .split(/[ \t]+/);
  const [name = '', ...rest] = program.endsWith('/env') ? args.filter((arg) => arg !== '-S') : [program, ...args];
  const bare = name.slice(name.lastIndexOf('/') + 1);
  return bare === '' ? undefined : [bare, ...rest];
}

/** Empty for a file that cannot be read: starting it tells why. */
async function firstLineOf(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MAX_FIRST_LINE) });
    return buffer.toString('latin1', 0, bytesRead).split(/\r?\n/)[0] ?? '';
  } finally {
    await file.close();
  }
}
