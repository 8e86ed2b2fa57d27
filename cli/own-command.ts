// Owns how this progy is called again, so that what it prints as the next step can be typed.

import { existsSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { HOME_REGISTRY, progyFrom } from '@progy/protocol/client/progy-command.ts';
import type { Environment } from './context.ts';
import type { Line } from './terminal/styled.ts';

/** Folders in which npx, pnpm dlx, yarn dlx and bunx keep what they run once. */
const RUN_ONCE = /[\\/](?:_npx|dlx|dlx-[^\\/]*|bunx-[^\\/]*)(?:[\\/]|$)/;
/** Folders that such programs and `npm run` put on the PATH, for what they start only. */
const LENT_FOLDER = /[\\/]node_modules[\\/]\.bin[\\/]?$/;

/**
 * `progy` if that can be typed; else, for somebody who runs it once, the command that gets it from its registry again.
 * @param script path of the file that was started.
 */
export function ownCommand(script: string | undefined, env: Environment, platform: string): string {
  if (script === undefined || !RUN_ONCE.test(script) || isOnPath(env, platform)) return 'progy';
  return progyFrom(HOME_REGISTRY);
}

function isOnPath(env: Environment, platform: string): boolean {
  const { delimiter, join } = platform === 'win32' ? win32 : posix;
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter);
  const own = folders.filter((folder) => folder !== '' && !RUN_ONCE.test(folder) && !LENT_FOLDER.test(folder));
  const names = platform === 'win32' ? ['progy.cmd', 'progy.exe'] : ['progy'];
  return own.some((folder) => names.some((name) => existsSync(join(folder, name))));
}

/** Begins a command line of progy: a word, and then its command or an option. */
const COMMAND = /(?<![\w@/.-])progy(?= (?:--)?[a-z])/g;

/** A sentence of ours with its commands made callable. */
export function callableIn(sentence: string, progy: string): string {
  return progy === 'progy' ? sentence : sentence.replace(COMMAND, () => progy);
}

/** The same for the lines that begin with `Next:`; the others may be an author's. */
export function callableInNext(text: string, progy: string): string {
  if (progy === 'progy') return text;
  return text.replace(/^Next:.*$/gm, (line) => callableIn(line, progy));
}

/** The same for lines with styles. */
export function callableInNextLines(lines: readonly Line[], progy: string): readonly Line[] {
  if (progy === 'progy') return lines;
  return lines.map((line) =>
    line[0]?.text.startsWith('Next:') ? line.map((span) => ({ ...span, text: callableIn(span.text, progy) })) : line,
  );
}
