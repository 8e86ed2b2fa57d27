// Owns GET /@scope/slug/-/slug-1.0.0.tgz: the npm tarball.

import { type PackageName, tarballFileName } from '@progy/protocol/course/package-name.ts';
import { tryParseVersion, type Version } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext } from '../../../app-env.ts';
import { findArtifact } from '../../../domain/read/read-artifact.ts';
import { type Reading, readingOf } from '../../../http/read/reading.ts';
import { sendArtifact } from '../../../http/read/send-artifact.ts';
import { nameInPath } from '../../../middleware/package-name.ts';

/** The tarball, for the file name with and without the scope repeated before it (`/-/@scope/slug-1.0.0.tgz`). */
export async function getTarball(c: AppContext): Promise<Response> {
  return answerTarball(readingOf(c), nameInPath(c), c.req.param('file') ?? '');
}

export async function answerTarball(reading: Reading, name: PackageName, file: string): Promise<Response> {
  const version = versionInFileName(name, file);
  return sendArtifact(reading, await findArtifact(reading.context, 'tarball', name, version));
}

/** The version that a tarball's file name holds. @throws {RegistryError} VERSION_NOT_FOUND for a name no tarball has. */
export function versionInFileName(name: PackageName, file: string): Version {
  const version = tryParseVersion(file.slice(name.slug.length + 1, -'.tgz'.length));
  if (version !== undefined && file === tarballFileName(name, version)) return version;
  throw new RegistryError('VERSION_NOT_FOUND', `${name.full} has no such tarball`, { name: name.full });
}
