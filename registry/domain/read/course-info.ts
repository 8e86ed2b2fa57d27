// Owns what a person is told of a course before starting it.
import type { Outline } from '@progy/protocol/course/outline.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Manifest } from '@progy/protocol/wire/packument.ts';
import { openDatabase } from '../../database/database.ts';
import { type CourseInfoRows, findCourseInfo } from '../../database/read/course-info.ts';
import { type Env, settingsOf } from '../../env.ts';
import { visible, type WhoIsReading } from '../rights/visible-package.ts';
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
  env: Env,
  name: PackageName,
  versionOrTag: string,
  reader: WhoIsReading,
): Promise<CourseInfo & { isPublic: boolean }> {
  const { origin } = settingsOf(env);
  const rows = await findCourseInfo(openDatabase(env.DB), name, versionOrTag, origin, new Date());
  const { chosen, ...found } = await visible(env, rows, name, reader);
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
