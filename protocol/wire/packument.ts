// Owns npm's documents about a course: their wire types, and putting a packument together from rows.
import type { CourseManifest } from '../course/course.ts';
import type { PackageName } from '../course/package-name.ts';
import type { Signature } from './signature.ts';

/** The `.progy` file of a version, next to the tarball in every manifest. */
export interface ProgyDist {
  url: string;
  /** Hex. */
  sha256: string;
  /** SRI sha512. */
  integrity: string;
  /** Bytes. */
  size: number;
  /** Tree hash of the course. */
  tree: string;
  /** Signatures of the `.progy` file's integrity; missing if `dist.signatures` is. */
  signatures?: Signature[];
}

/** `dist` in the abbreviated form: where the tarball is and its hashes. */
export interface TarballDist {
  tarball: string;
  /** SRI sha512. */
  integrity: string;
  /** Hex sha1. */
  shasum: string;
  fileCount: number;
  /** Bytes. */
  unpackedSize: number;
}

/** npm's `dist`, with our own part. */
export interface Dist extends TarballDist {
  progy: ProgyDist;
  /** Signatures of the tarball's integrity. Versions published before the registry signed have none. */
  signatures?: Signature[];
}

/** A person as npm lists them. A no-reply address: `npm view` shows it to everybody. */
export interface Maintainer {
  name: string;
  email: string;
}

/** Notes on a version that may change after it was published. */
export interface VersionNotes {
  /** The warning of npm's clients. For a yanked version `yanked`, or `yanked: ` and the reason. */
  deprecated?: string;
  /** Why the version is yanked, possibly ''; missing if it is not. */
  yanked?: string;
}

/** npm's document of one version. */
export interface Manifest extends CourseManifest, VersionNotes {
  _id: string;
  dist: Dist;
  _npmUser: Maintainer;
  maintainers: Maintainer[];
}

/** The fields of a version that installers need. */
export interface AbbreviatedManifest extends VersionNotes {
  name: string;
  version: string;
  dist: TarballDist;
}

/** npm's document of a name, full form. */
export interface Packument {
  _id: string;
  _rev: string;
  name: string;
  description?: string;
  'dist-tags': Record<string, string>;
  versions: Record<string, Manifest>;
  /** ISO 8601 times of `created`, `modified` and each version. */
  time: Record<string, string>;
  maintainers: Maintainer[];
  readme?: string;
  readmeFilename?: string;
  license?: string;
  keywords?: string[];
}

/** npm's abbreviated form (`application/vnd.npm.install-v1+json`). `time` is not npm's, but pnpm's age policy reads it. */
export interface AbbreviatedPackument {
  name: string;
  modified: string;
  'dist-tags': Record<string, string>;
  versions: Record<string, AbbreviatedManifest>;
  time: Record<string, string>;
}

/** One version from the database: its manifest is already JSON text, and is never parsed here. */
export interface ManifestRow {
  version: string;
  publishedAt: Date;
  /** JSON of a Manifest or AbbreviatedManifest. */
  manifest: string;
}

/** Everything in a packument. `versions` are in order of publication. */
export interface PackumentParts {
  name: PackageName;
  rev: string;
  createdAt: Date;
  updatedAt: Date;
  distTags: Record<string, string>;
  versions: readonly ManifestRow[];
}

/** Top-level fields of the full form only. */
export interface PackumentDetails {
  description: string | null;
  maintainers: readonly Maintainer[];
  readme: string | null;
  license?: string;
  keywords?: readonly string[];
}

/** JSON text of the full packument. */
export function fullPackument(parts: PackumentParts, details: PackumentDetails): string {
  const { description, readme, maintainers, license, keywords } = details;
  const head: Omit<Packument, 'versions'> = {
    _id: parts.name.full,
    _rev: parts.rev,
    name: parts.name.full,
    ...(description === null ? {} : { description }),
    'dist-tags': parts.distTags,
    time: timeOf(parts),
    maintainers: [...maintainers],
    ...(readme === null ? {} : { readme, readmeFilename: 'README.md' }),
    ...(license === undefined ? {} : { license }),
    ...(keywords === undefined ? {} : { keywords: [...keywords] }),
  };
  return withVersions(head, parts.versions);
}

/** JSON text of the abbreviated packument. */
export function abbreviatedPackument(parts: PackumentParts): string {
  const head: Omit<AbbreviatedPackument, 'versions'> = {
    name: parts.name.full,
    modified: parts.updatedAt.toISOString(),
    'dist-tags': parts.distTags,
    time: timeOf(parts),
  };
  return withVersions(head, parts.versions);
}

function timeOf(parts: PackumentParts): Record<string, string> {
  const published = parts.versions.map(({ version, publishedAt }) => [version, publishedAt.toISOString()]);
  return {
    created: parts.createdAt.toISOString(),
    modified: parts.updatedAt.toISOString(),
    ...Object.fromEntries(published),
  };
}

/** Joins JSON texts instead of parsing and printing every manifest again: each version costs only a copy. */
function withVersions(head: object, rows: readonly ManifestRow[]): string {
  const versions = rows.map(({ version, manifest }) => `${JSON.stringify(version)}:${manifest}`).join(',');
  return `${JSON.stringify(head).slice(0, -1)},"versions":{${versions}}}`;
}
