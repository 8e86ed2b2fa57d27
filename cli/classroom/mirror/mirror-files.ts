// Owns where a mirror keeps what a registry answers: a folder that any static web server can serve.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { downloadPath, infoPath, KEYS_PATH, resolvePath, tarballPath } from '@progy/protocol/wire/urls.ts';
import * as z from 'zod';
import { CliError } from '../../cli-error.ts';

/** What a web server answers for a folder: with npm's address of a course it can only be that. It holds JSON. */
export const FULL_PACKUMENT = 'index.html';
export const ABBREVIATED_PACKUMENT = 'abbreviated.json';

const MIRROR_FILE = 'progy-mirror.json';
const MAX_MIRROR_BYTES = 1024 * 1024;

const mirrorSchema = z.object({
  format: z.literal(1),
  /** URL of the registry that it is a copy of, with a trailing slash. */
  registry: z.url({ protocol: /^https?$/ }),
  /** Origin that its documents name, without a slash. */
  url: z.url({ protocol: /^https?$/ }),
  courses: z.array(z.object({ name: z.string(), version: z.string() })).max(10_000),
});

export type Mirror = Readonly<z.infer<typeof mirrorSchema>>;

/** Paths below the folder of a mirror. The addresses of a registry are the same. */
export const mirrorPaths = {
  packuments: ({ scope, slug }: PackageName) => join(`@${scope}`, slug),
  tarball: (name: PackageName, version: string) => fileOf(tarballPath(name, version)),
  progyFile: (name: PackageName, version: string) => fileOf(downloadPath(name, version)),
  info: (name: PackageName, version: string) => fileOf(infoPath(name, version)),
  resolution: (name: PackageName) => fileOf(resolvePath(name)),
  keys: fileOf(KEYS_PATH),
  description: MIRROR_FILE,
} as const;

function fileOf(path: string): string {
  return join(...path.split('/').filter((part) => part !== ''));
}

/**
 * Reads what a mirror says about itself; undefined if the folder is none.
 * @throws {CliError} NOT_A_MIRROR if it says nonsense.
 */
export async function readMirror(folder: string): Promise<Mirror | undefined> {
  const text = await readFile(join(folder, MIRROR_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  });
  if (text === undefined) return undefined;
  const result = mirrorSchema.safeParse(text.length > MAX_MIRROR_BYTES ? undefined : jsonOrUndefined(text));
  if (result.success) return result.data;
  throw new CliError('NOT_A_MIRROR', `${join(folder, MIRROR_FILE)} cannot be read`);
}

/** Like {@link readMirror}. @throws {CliError} NOT_A_MIRROR also without one. */
export async function knownMirror(folder: string): Promise<Mirror> {
  const mirror = await readMirror(folder);
  if (mirror === undefined)
    throw new CliError('NOT_A_MIRROR', `${folder} is not a mirror: there is no ${MIRROR_FILE} in it`);
  return mirror;
}

/** A document of a registry with its addresses of downloads moved from one origin to another. @param json text of it. */
export function movedTo(json: string, from: string, to: string): string {
  return JSON.stringify(
    JSON.parse(json, (key, value: unknown) => {
      const isAddress =
        (key === 'tarball' || key === 'url') && typeof value === 'string' && value.startsWith(`${from}/`);
      return isAddress ? to + value.slice(from.length) : value;
    }),
  );
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
