// Owns serving the stored bytes of a version.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { RegistryContext, RequestContext } from '../../context.ts';
import { type FoundVersion, findVersion } from '../../database/read/artifacts.ts';
import { type ArtifactKind, downloadName } from '../../storage/artifact-key.ts';
import type { ByteRange } from '../../storage/artifacts.ts';
import { visible } from '../rights/visible-package.ts';
import { versionNotFound, versionUnpublished } from '../versions/missing-version.ts';
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
  /** Message for the client to print. */
  notice: string | undefined;
}

/** @throws {RegistryError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND. */
export async function findArtifact(
  context: RequestContext,
  kind: ArtifactKind,
  name: PackageName,
  version: string,
): Promise<FoundArtifact> {
  const found = await find(context, name, version);
  if (found.version === null) throw versionNotFound(name, version);
  if (found.version.unpublishedAt !== null) throw versionUnpublished(name, version);
  return describe(kind, name, found.package, found.version);
}

/** A version never changes, but its visibility does. */
async function find(context: RequestContext, name: PackageName, version: string): Promise<FoundVersion> {
  const { db, memory } = context;
  const key = `${name.full}@${version}`;
  const before = memory.versions.get(key, context.now());
  if (before !== undefined) return before;
  const remember = memory.versions.asking(context.now());
  const found = await visible(context, await findVersion(db, name, version), name);
  if (found.package.isPublic && found.version !== null) remember(key, found);
  return found;
}

function describe(
  kind: ArtifactKind,
  name: PackageName,
  row: FoundVersion['package'],
  version: NonNullable<FoundVersion['version']>,
): FoundArtifact {
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
