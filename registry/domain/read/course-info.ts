// Owns what a person is told of a course before starting it.
import type { Outline } from '@progy/protocol/course/outline.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Manifest } from '@progy/protocol/wire/packument.ts';
import type { RequestContext } from '../../context.ts';
import { type CourseInfoRows, findCourseInfo } from '../../database/read/course-info.ts';
import { visible } from '../rights/visible-package.ts';
import { versionNotFound } from '../versions/missing-version.ts';

/** A course with the version that was asked for. */
export interface CourseInfo {
  name: string;
  description: string | null;
  distTags: Record<string, string>;
  /** ISO 8601. */
  createdAt: string;
  downloads: { weekly: number; monthly: number };
  /** Newest publication first. */
  versions: { version: string; publishedAt: string; deprecated: string | null; yanked: string | null }[];
  /** When the version was published, ISO 8601. */
  publishedAt: string;
  /** npm's, of the version. */
  manifest: Manifest;
  /** Null for versions from before there were outlines, and for courses without modules. */
  outline: Outline | null;
}

/** @throws {RegistryError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND. */
export async function readCourseInfo(
  context: RequestContext,
  name: PackageName,
  versionOrTag: string,
): Promise<CourseInfo & { isPublic: boolean }> {
  const { db, settings } = context;
  const rows = await findCourseInfo(db, name, versionOrTag, { origin: settings.origin, now: context.now() });
  const { chosen, ...found } = await visible(context, rows, name);
  if (chosen === undefined) throw versionNotFound(name, versionOrTag);
  return {
    name: name.full,
    description: found.package.description,
    distTags: found.distTags,
    createdAt: found.package.createdAt.toISOString(),
    downloads: found.downloads,
    versions: found.versions.map(toLine),
    publishedAt: chosen.publishedAt.toISOString(),
    manifest: JSON.parse(chosen.manifest),
    outline: chosen.outline === null ? null : JSON.parse(chosen.outline),
    isPublic: found.package.isPublic,
  };
}

function toLine({ createdAt, ...line }: CourseInfoRows['versions'][number]): CourseInfo['versions'][number] {
  return { ...line, publishedAt: createdAt.toISOString() };
}
