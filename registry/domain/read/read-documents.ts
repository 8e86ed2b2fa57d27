// Owns what readers of a course are told: packuments, manifests, dist-tags and the list of versions.

import { sha256Hex } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import type { CourseManifest } from '@progy/protocol/course/course.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { abbreviatedPackument, fullPackument, type PackumentDetails } from '@progy/protocol/wire/packument.ts';
import type { Resolution, ResolvedArtifact } from '@progy/protocol/wire/resolution.ts';
import { downloadPath } from '@progy/protocol/wire/urls.ts';
import type { RequestContext } from '../../context.ts';
import { findAllVersions, findTaggedPackage, type PackageRow } from '../../database/packages.ts';
import { findManifest, findPackument, type PackageDocuments } from '../../database/read/documents.ts';
import type { DocumentForm } from '../../database/read/manifest-json.ts';
import { findVisible, visible } from '../rights/visible-package.ts';
import { missingVersion } from '../versions/missing-version.ts';
import { yankNotice } from '../versions/notice-text.ts';
import { revOf } from '../versions/revision.ts';

/** Raised when the shape of documents changes, so that what clients hold no longer counts as fresh. */
const DOCUMENT_FORMAT = 2;

/** A JSON document with what HTTP caching needs to know of it. */
export interface Document {
  json: string;
  etag: string;
  isPublic: boolean;
  /** What a client shall print beside. */
  notice?: string;
}

/** What tells whether a client's copy is fresh, without building the document. */
export type Revision = Omit<Document, 'json'>;

/** @throws {RegistryError} PACKAGE_NOT_FOUND. */
export async function readRevision(context: RequestContext, name: PackageName, form: DocumentForm): Promise<Revision> {
  return revisionOf(context, await findVisible(context, name), form);
}

/** npm's packument. @throws {RegistryError} PACKAGE_NOT_FOUND. */
export async function readPackument(context: RequestContext, name: PackageName, form: DocumentForm): Promise<Document> {
  const { db, settings } = context;
  const found = await visible(context, await findPackument(db, name, form, settings.origin), name);
  const parts = {
    name,
    rev: revOf(found.package),
    createdAt: found.package.createdAt,
    updatedAt: found.package.updatedAt,
    distTags: found.distTags,
    versions: found.manifests,
  };
  const json = form === 'full' ? fullPackument(parts, detailsOf(found)) : abbreviatedPackument(parts);
  return { json, ...revisionOf(context, found.package, form) };
}

function revisionOf({ settings }: RequestContext, row: PackageRow, form: string): Revision {
  const shape = sha256Hex(`${DOCUMENT_FORMAT} ${settings.origin} ${row.id}`, nodePlatform).slice(0, 12);
  return { etag: `"${row.rev}-${form}-${shape}"`, isPublic: row.isPublic };
}

function detailsOf(found: PackageDocuments): PackumentDetails {
  const latest = found.manifests.find(({ version }) => version === found.package.latestVersion);
  const { license, keywords }: Partial<CourseManifest> = latest ? JSON.parse(latest.manifest) : {};
  return {
    description: found.package.description,
    readme: found.readme,
    maintainers: found.maintainers,
    license,
    keywords,
  };
}

/**
 * npm's manifest of the version a number or dist-tag names.
 * @throws {RegistryError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND.
 */
export async function readManifest(
  context: RequestContext,
  name: PackageName,
  versionOrTag: string,
): Promise<Document> {
  const { db, settings } = context;
  const found = await visible(context, await findManifest(db, name, versionOrTag, settings.origin), name);
  if (found.manifest === undefined) throw await missingVersion(context, name, versionOrTag);
  const { version, manifest, yanked } = found.manifest;
  return { json: manifest, ...revisionOf(context, found.package, version), notice: yankNotice(name, version, yanked) };
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
