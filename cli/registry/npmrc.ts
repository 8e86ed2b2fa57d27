// Owns .npmrc files: where they are, reading one setting, and changing one line while every other byte stays.
import { randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Environment } from '../context.ts';

/** The user's .npmrc, the one npm reads: NPM_CONFIG_USERCONFIG or `~/.npmrc`. */
export function userNpmrcPath(env: Environment, home: string): string {
  return env.NPM_CONFIG_USERCONFIG || env.npm_config_userconfig || join(home, '.npmrc');
}

/** The .npmrc of the project around a folder, by npm's rule: beside the nearest package.json or node_modules, else in the folder itself. */
export async function projectNpmrcPath(cwd: string): Promise<string> {
  for (const folder of upward(resolve(cwd))) {
    if ((await exists(join(folder, 'package.json'))) || (await exists(join(folder, 'node_modules')))) {
      return join(folder, '.npmrc');
    }
  }
  return join(cwd, '.npmrc');
}

/** The text of an .npmrc, empty if there is none. */
export async function readNpmrc(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/**
 * Replaces an .npmrc at once, readable by its owner only. A link (dotfiles are often links) keeps being one:
 * the file it names is replaced.
 */
export async function saveNpmrc(path: string, text: string): Promise<void> {
  const file = await realpath(path).catch(() => resolve(path));
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writePrivately(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writePrivately(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The value of a setting as npm would read it, without expanding variables; the last of several wins. */
export function readSetting(text: string, key: string): string | undefined {
  const line = linesOf(text).findLast((candidate) => keyOf(candidate) === key);
  return line === undefined ? undefined : unquote(line.slice(line.indexOf('=') + 1).trim());
}

/** The text with one setting changed or added. All other lines stay byte for byte; earlier duplicates go. */
export function withSetting(text: string, key: string, value: string): string {
  const lines = linesOf(text);
  const setting = `${key}=${quote(value)}`;
  const first = lines.findIndex((line) => keyOf(line) === key);
  if (first === -1) return `${withLineEnd(text)}${setting}\n`;
  const replaced = setting + lineEndOf(lines[first] ?? '');
  return lines.flatMap((line, index) => (keyOf(line) !== key ? [line] : index === first ? [replaced] : [])).join('');
}

/** The text without a setting. */
export function withoutSetting(text: string, key: string): string {
  return linesOf(text)
    .filter((line) => keyOf(line) !== key)
    .join('');
}

/** Puts environment variables in for `${NAME}` and `${NAME?}`, as npm does; an unset `${NAME}` stays as it is. */
export function expandVariables(value: string, env: Environment): string {
  return value.replace(/\$\{([^}?]+)(\?)?\}/g, (whole, name: string, optional?: string) => {
    return env[name] ?? (optional === undefined ? whole : '');
  });
}

/** Lines with their ends, so that joining them gives the text back. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function keyOf(line: string): string | undefined {
  const equals = line.indexOf('=');
  if (equals === -1 || /^\s*[;#]/.test(line)) return undefined;
  return unquote(line.slice(0, equals).trim());
}

function lineEndOf(line: string): string {
  return /\r?\n$/.exec(line)?.[0] ?? '';
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Quotes what npm's ini reader would cut off or unquote. */
function quote(value: string): string {
  return /[;#"'\\\s]|^\[/.test(value) ? JSON.stringify(value) : value;
}

function unquote(text: string): string {
  if (/^'.*'$/.test(text)) return text.slice(1, -1);
  if (/^".*"$/.test(text)) return tryJson(text) ?? text;
  return text.replace(/\s*(?<!\\)[;#].*$/, '').replace(/\\([;#\\])/g, '$1');
}

function tryJson(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function* upward(folder: string): Iterable<string> {
  let current = folder;
  for (;;) {
    yield current;
    const parent = dirname(current);
    if (parent === current) return;
    current = parent;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
