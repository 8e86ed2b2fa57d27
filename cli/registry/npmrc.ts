// Owns .npmrc files: where they are, reading a setting, and changing one line without touching any other byte.
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import ini from 'ini';
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
 * Replaces an .npmrc atomically, readable only by its owner. A link (dotfiles are often links) stays a link:
 * the file it points to is replaced.
 */
export async function saveNpmrc(path: string, text: string): Promise<void> {
  const { randomBytes } = await import('node:crypto');
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

/** The value of a setting as npm reads it, without expanding variables; undefined unless it is text or a number. */
export function readSetting(text: string, key: string): string | undefined {
  const value: unknown = ini.parse(text)[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The text with one setting changed or added. All other lines stay byte for byte; duplicates of the setting are removed. */
export function withSetting(text: string, key: string, value: string): string {
  const setting = `${key}=${quote(value)}`;
  const { settings, sections } = partsOf(text);
  const first = settings.findIndex((line) => keyOf(line) === key);
  if (first === -1) return withLine(settings, setting, sections);
  const replaced = setting + lineEndOf(settings[first] ?? '');
  const lines = settings.flatMap((line, index) => (keyOf(line) !== key ? [line] : index === first ? [replaced] : []));
  return lines.join('') + sections;
}

/** The text without a setting. */
export function withoutSetting(text: string, key: string): string {
  const { settings, sections } = partsOf(text);
  return settings.filter((line) => keyOf(line) !== key).join('') + sections;
}

/** Adds a line after all other settings: before sections, and before comments above the first section. */
function withLine(settings: readonly string[], line: string, sections: string): string {
  const end = sections === '' ? settings.length : settings.findLastIndex((other) => keyOf(other) !== undefined) + 1;
  return `${withLineEnd(settings.slice(0, end).join(''))}${line}\n${settings.slice(end).join('')}${sections}`;
}

/** Expands `${NAME}` and `${NAME?}` from the environment, as npm does; an unset `${NAME}` stays unchanged. */
export function expandVariables(value: string, env: Environment): string {
  return value.replace(/\$\{([^}?]+)(\?)?\}/g, (whole, name: string, optional?: string) => {
    return env[name] ?? (optional === undefined ? whole : '');
  });
}

/** npm reads settings up to the first `[section]`. Lines keep their line ends, so joining them restores the text. */
function partsOf(text: string): { settings: string[]; sections: string } {
  const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+/g) ?? [];
  const start = lines.findIndex(isSection);
  const end = start === -1 ? lines.length : start;
  return { settings: lines.slice(0, end), sections: lines.slice(end).join('') };
}

/** Uses the pattern of npm's reader, which allows sections only at the start of a line. */
function isSection(line: string): boolean {
  return /^\[[^\]]*\]\s*$/.test(line);
}

/** What a line sets. */
function keyOf(line: string): string | undefined {
  return Object.keys(ini.parse(line))[0];
}

function lineEndOf(line: string): string {
  return /[\r\n]*$/.exec(line)?.[0] ?? '';
}

function withLineEnd(text: string): string {
  return text === '' || /[\r\n]$/.test(text) ? text : `${text}\n`;
}

/** Quotes values that npm's ini reader would cut off or unquote. */
function quote(value: string): string {
  return /[;#"'\\\s]|^\[/.test(value) ? JSON.stringify(value) : value;
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
