// Owns how this progy is called again and how it is updated, so that what it prints as the next step can be typed.
import { existsSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { HOME_REGISTRY, INSTALL_SCRIPT_PATHS, installFrom, progyFrom } from '@progy/protocol/client/progy-command.ts';
import type { Environment } from './context.ts';
import type { Line } from './terminal/styled.ts';

/** How a progy was started. */
export interface Started {
  /** Path of the file that was started; undefined for a test. */
  readonly script: string | undefined;
  readonly env: Environment;
  readonly home: string;
  /** As Node names it. */
  readonly platform: string;
}

/** Folders in which npx, pnpm dlx, yarn dlx and bunx keep what they run once. */
const RUN_ONCE = /[\\/](?:_npx|dlx|dlx-[^\\/]*|bunx-[^\\/]*)(?:[\\/]|$)/;
const INSIDE_PROJECT = /[\\/]node_modules[\\/]/;
/** Calls the progy of a class from any folder in it, without a network, and gets nothing from elsewhere if it is gone. */
export const IN_A_PROJECT = 'npx --no progy';
/** Folders that npx and `npm run` put on the PATH, for what they start only. */
const LENT_FOLDER = /[\\/]node_modules[\\/]\.bin[\\/]?$/;
/** Where the code of a program made by bun seems to lie. */
const STANDALONE = /^(?:\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/;

/**
 * `progy` if that can be typed; else, for somebody who runs it once, the command that gets it from its registry again, and
 * for somebody in a class folder the command that finds it there.
 */
export function ownCommand(started: Started): string {
  const { script } = started;
  if (script === undefined || !INSIDE_PROJECT.test(script) || isOnPath(started)) return 'progy';
  return RUN_ONCE.test(script) ? progyFrom(HOME_REGISTRY) : IN_A_PROJECT;
}

function isOnPath({ env, platform }: Started): boolean {
  const { delimiter, join } = platform === 'win32' ? win32 : posix;
  const isLent = (folder: string) =>
    RUN_ONCE.test(folder) || (env.npm_lifecycle_event !== undefined && LENT_FOLDER.test(folder));
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '' && !isLent(folder));
  const names = platform === 'win32' ? ['progy.cmd', 'progy.exe'] : ['progy'];
  return folders.some((folder) => names.some((name) => existsSync(join(folder, name))));
}

/** What gets the newest progy of a registry, in the way in which this one was got. @param registry its address. */
export function ownUpdate(started: Started, registry: string): string {
  if (ownCommand(started) !== 'progy') return `Run: ${progyFrom(registry)}@latest`;
  return `Update it with: ${isFromScript(started) ? installScript(registry, started.platform) : installFrom(registry)}`;
}

/** Those who came by install.sh need not have npm. */
function isFromScript({ script = '', home, platform }: Started): boolean {
  const { join } = platform === 'win32' ? win32 : posix;
  const folders = [join(home, '.progy', 'cli'), join(home, 'AppData', 'Local', 'progy')];
  return STANDALONE.test(script) || folders.some((folder) => script.startsWith(folder));
}

function installScript(registry: string, platform: string): string {
  const { sh, ps1 } = INSTALL_SCRIPT_PATHS;
  return platform === 'win32' ? `irm ${registry}${ps1} | iex` : `curl -fsSL ${registry}${sh} | sh`;
}

/** Begins a command line of progy: a word, and then its command or an option. */
const COMMAND = /(?<![\w@/.-])progy(?= (?:--)?[a-z])/g;

/** A sentence of ours with its commands made callable. */
export function callableIn(sentence: string, progy: string): string {
  return progy === 'progy' ? sentence : sentence.replace(COMMAND, () => progy);
}

/** Begins a line of ours that names a command. */
const OURS = /^(?:Next|Hint):/;

/** The same for the lines that begin with `Next:` or `Hint:`; the others may be an author's. */
export function callableInNext(text: string, progy: string): string {
  if (progy === 'progy') return text;
  return text.replace(/^.*$/gm, (line) => (OURS.test(line) ? callableIn(line, progy) : line));
}

/** The same for lines with styles. */
export function callableInNextLines(lines: readonly Line[], progy: string): readonly Line[] {
  if (progy === 'progy') return lines;
  return lines.map((line) =>
    OURS.test(line[0]?.text ?? '') ? line.map((span) => ({ ...span, text: callableIn(span.text, progy) })) : line,
  );
}
