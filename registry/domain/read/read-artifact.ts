// Owns handing out the stored bytes of a version, and counting that somebody took them.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { RegistryContext, RequestContext } from '../../context.ts';
import { findVersion, type PackageRow, type VersionRow } from '../../database/packages.ts';
import { addDownload } from '../../database/read/downloads.ts';
import { type ArtifactKind, downloadName } from '../../storage/artifact-key.ts';
import type { ByteRange } from '../../storage/artifacts.ts';
import { visible } from '../rights/visible-package.ts';
import { missingVersion } from '../versions/missing-version.ts';
import { yankNotice } from '../versions/notice-text.ts';

export type { ByteRange } from '../../storage/artifacts.ts';

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
  context: RequestContext,
  kind: ArtifactKind,
  name: PackageName,
  version: string,
): Promise<FoundArtifact> {
  const found = await visible(context, await findVersion(context.db, name, version), name);
  if (found.version === undefined) throw await missingVersion(context, name, version);
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
export function openArtifact(
  { artifacts }: RegistryContext,
  { key, size }: FoundArtifact,
  range: ByteRange | undefined,
): Promise<ReadableStream> {
  return artifacts.open(key, size, range);
}

/** Counts a download. Failing to count must not disturb anybody. */
export async function countDownload(
  { db, now }: RegistryContext,
  { packageId, versionId }: FoundArtifact,
): Promise<void> {
  try {
    await addDownload(db, packageId, versionId, now());
  } catch (error) {
    console.warn('a download was not counted:', error);
  }
}
