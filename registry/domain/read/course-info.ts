// Owns the information that a person gets about a course before starting it.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { CourseInfoDocument } from '@progy/protocol/wire/course-info.ts';
import type { Manifest } from '@progy/protocol/wire/packument.ts';
import type { RequestContext } from '../../context.ts';
import { type CourseInfoRows, findCourseInfo } from '../../database/read/course-info.ts';
import { visible } from '../rights/visible-package.ts';
import { versionNotFound } from '../versions/missing-version.ts';

/** A course with the requested version. @throws {RegistryError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND. */
export async function readCourseInfo(
  context: RequestContext,
  name: PackageName,
  versionOrTag: string,
): Promise<CourseInfoDocument & { isPublic: boolean }> {
  const { db, settings } = context;
  const rows = await findCourseInfo(db, name, versionOrTag, { origin: settings.origin, now: context.now() });
  const { chosen, ...found } = await visible(context, rows, name);
  if (chosen === undefined) throw versionNotFound(name, versionOrTag);
  const manifest: Manifest = JSON.parse(chosen.manifest);
  return {
    name: name.full,
    description: found.package.description,
    distTags: found.distTags,
    createdAt: found.package.createdAt.toISOString(),
    downloads: found.downloads,
    versions: found.versions.map(toLine),
    publishedAt: chosen.publishedAt.toISOString(),
    manifest,
    outline: chosen.outline === null ? null : JSON.parse(chosen.outline),
    isPublic: found.package.isPublic,
  };
}

function toLine({ createdAt, ...line }: CourseInfoRows['versions'][number]): CourseInfoDocument['versions'][number] {
  return { ...line, publishedAt: createdAt.toISOString() };
}
