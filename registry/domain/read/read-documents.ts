// Owns the documents of a course other than its packument: manifests, dist-tags and the list of versions.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Resolution, ResolvedArtifact } from '@progy/protocol/wire/resolution.ts';
import { downloadPath } from '@progy/protocol/wire/urls.ts';
import type { RequestContext } from '../../context.ts';
import { findAllVersions, findTaggedPackage } from '../../database/packages.ts';
import { type FoundManifest, findManifest, revisionKey } from '../../database/read/documents.ts';
import { visible } from '../rights/visible-package.ts';
import { versionNotFound, versionUnpublished } from '../versions/missing-version.ts';
import { yankNotice } from '../versions/notice-text.ts';
import { type Document, etagOf } from './document.ts';

/**
 * npm's manifest of the version a number or dist-tag names.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND.
 */
export async function readManifest(
  context: RequestContext,
  name: PackageName,
  versionOrTag: string,
): Promise<Document> {
  const { package: row, found } = await findNamed(context, name, versionOrTag);
  if (found === undefined) throw versionNotFound(name, versionOrTag);
  const { version, manifest, yanked } = found;
  if (found.isUnpublished) throw versionUnpublished(name, version);
  return {
    bytes: new TextEncoder().encode(manifest),
    encoding: 'identity',
    etags: [etagOf(context.settings, revisionKey(row), version)],
    isPublic: row.isPublic,
    notice: yankNotice(name, version, yanked),
  };
}

async function findNamed(context: RequestContext, name: PackageName, versionOrTag: string): Promise<FoundManifest> {
  const { db, memory, settings } = context;
  const key = `${name.full}@${versionOrTag}`;
  const before = memory.manifests.get(key, context.now());
  if (before !== undefined) return before;
  const remember = memory.manifests.asking(context.now());
  const found = await visible(context, await findManifest(db, name, versionOrTag, settings.origin), name);
  if (found.package.isPublic && found.found !== undefined) remember(key, found);
  return found;
}

/** `{tag: version}`. @throws {RegistryError} PACKAGE_NOT_FOUND. */
export async function readDistTags(context: RequestContext, name: PackageName): Promise<Record<string, string>> {
  return (await visible(context, await findTaggedPackage(context.db, name), name)).distTags;
}

/** @throws {RegistryError} PACKAGE_NOT_FOUND. */
export async function resolvePackage(
  context: RequestContext,
  name: PackageName,
): Promise<Resolution & { isPublic: boolean }> {
  const found = await visible(context, await findAllVersions(context.db, name), name);
  const tagsOf = (version: string) => Object.keys(found.distTags).filter((tag) => found.distTags[tag] === version);
  const artifacts = found.versions.map(({ version, createdAt, ...facts }): [string, ResolvedArtifact] => [
    version,
    {
      url: context.settings.origin + downloadPath(name, version),
      ...facts,
      distTags: tagsOf(version),
      publishedAt: createdAt.toISOString(),
    },
  ]);
  return {
    name: found.package.name,
    latest: found.package.latestVersion,
    versions: found.versions.map(({ version }) => version),
    description: found.package.description,
    distTags: found.distTags,
    artifacts: Object.fromEntries(artifacts),
    isPublic: found.package.isPublic,
  };
}
