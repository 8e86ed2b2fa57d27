// Owns handing out the stored bytes of a version, and counting that somebody took them.
import type { R2Object, R2ObjectBody, R2Range } from '@cloudflare/workers-types';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { openDatabase } from '../../database/database.ts';
import { findVersion, type PackageRow, type VersionRow } from '../../database/packages.ts';
import { addDownload } from '../../database/read/downloads.ts';
import type { Env } from '../../env.ts';
import { type ArtifactKind, downloadName } from '../../storage/artifact-key.ts';
import { visible, type WhoIsReading } from '../rights/visible-package.ts';
import { missingVersion } from '../versions/missing-version.ts';
import { yankNotice } from '../versions/notice-text.ts';

/** A version's artifact, found but not yet opened. */
export interface FoundArtifact {
  key: string;
  size: number;
  fileName: string;
  etag: string;
  isPublic: boolean;
  /** Hex sha256 of its bytes. That of a tarball is not stored: its integrity is a sha512. */
  checksum: string | undefined;
  packageId: string;
  versionId: string;
  /** What a client shall print beside. */
  notice: string | undefined;
}

/** @throws {RegistryError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND. */
export async function findArtifact(
  env: Env,
  kind: ArtifactKind,
  name: PackageName,
  version: string,
  reader: WhoIsReading,
): Promise<FoundArtifact> {
  const found = await visible(env, await findVersion(openDatabase(env.DB), name, version), name, reader);
  if (found.version === undefined) throw await missingVersion(env, name, version);
  return describe(kind, name, found.package, found.version);
}

function describe(kind: ArtifactKind, name: PackageName, row: PackageRow, version: VersionRow): FoundArtifact {
  const isProgy = kind === 'progy';
  return {
    key: isProgy ? version.storageKey : version.tarballKey,
    size: isProgy ? version.sizeBytes : version.tarballSize,
    fileName: downloadName(kind, name, version.version),
    etag: `"${isProgy ? version.checksum : version.shasum}"`,
    isPublic: row.isPublic,
    checksum: isProgy ? version.checksum : undefined,
    packageId: row.id,
    versionId: version.id,
    notice: yankNotice(name, version.version, version.yanked),
  };
}

/**
 * Opens an artifact's bytes.
 * @throws {RegistryError} ARTIFACT_MISSING: never a 404, which would tell npm that the version does not exist.
 */
export async function openArtifact(
  env: Env,
  artifact: FoundArtifact,
  range: R2Range | undefined,
): Promise<R2ObjectBody> {
  const object: R2Object | R2ObjectBody | null = await env.R2.get(artifact.key, range && { range });
  if (object === null || object.size !== artifact.size) throw new RegistryError('ARTIFACT_MISSING');
  return object as R2ObjectBody;
}

/** Counts a download. Failing to count must not disturb anybody. */
export async function countDownload(env: Env, artifact: FoundArtifact): Promise<void> {
  try {
    await addDownload(openDatabase(env.DB), artifact.packageId, artifact.versionId, new Date());
  } catch (error) {
    console.warn('a download was not counted:', error);
  }
}
