// Owns reading the lockfile that a person names with --lockfile: a path, or an address on the web.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { exchange } from '../network/exchange.ts';
import { namingRegistry } from '../network/network-error.ts';
import { readText } from '../registry/answers.ts';
import { lockfileNameOf } from './lockfiles/read-lockfile.ts';
import { type PinnedCourse, pinnedBy, shownLockfile } from './pinned-course.ts';

const TIMEOUT_MS = 30_000;

/**
 * What a lockfile pins of a course.
 * @param place path, relative to the working folder or absolute, or http(s) URL. Its last part says which kind it is.
 * @throws {CliError} USAGE for another name; FILE_NOT_FOUND; LOCKFILE_INVALID, also if it does not pin the course;
 *   LOCKFILE_AMBIGUOUS; the error of the connection.
 */
export async function pinnedByGiven(
  place: string,
  name: PackageName,
  context: Context,
  version?: string,
): Promise<PinnedCourse> {
  const url = /^https?:/.test(place) ? URL.parse(place) : null;
  const fileName = lockfileNameOf(url?.pathname ?? place);
  const path = url === null ? resolve(context.cwd, place) : url.href;
  const text = url === null ? await readLocal(path) : await readRemote(url, context.signal);
  const pinned = await pinnedBy(name, [{ fileName, path, text }], version);
  if (pinned !== undefined) return pinned;
  throw new CliError(
    'LOCKFILE_INVALID',
    `${shownLockfile(path)} does not pin ${name.full}`,
    'Check the name and the lockfile.',
  );
}

async function readLocal(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new CliError('FILE_NOT_FOUND', `No such file: ${path}`) : error;
  });
}

/** Sends no token, and follows no redirects: the address is to be the one that the teacher gave. */
async function readRemote(url: URL, signal: AbortSignal): Promise<string> {
  const ending = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const options = { method: 'GET', headers: { 'user-agent': 'progy' }, signal: ending };
  const { status, body } = await exchange(url.href, options).catch((error) => {
    throw namingRegistry(url.origin, error);
  });
  const text = await readText(body, url.origin);
  if (status === 200) return text;
  throw new CliError(
    'FILE_NOT_FOUND',
    `${url.origin} has no lockfile at ${url.pathname} (status ${status})`,
    'Check the address.',
  );
}
