// Owns every key in the bucket, with the content type and name each object is served under.
import { type PackageName, progyFileName, tarballFileName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';

/** The two forms of a version. */
export type ArtifactKind = 'progy' | 'tarball';

/**
 * Where a publish writes. The attempt's id makes the key unique, so that a racing or dead publish cannot overwrite
 * another's bytes or be mistaken for it; readers use the key stored with the version, never a rebuilt one.
 */
export function artifactKey(kind: ArtifactKind, name: PackageName, version: Version, attempt: string): string {
  const extension = kind === 'progy' ? 'progy' : 'tgz';
  return `packages/${name.full}/v${version}-${attempt}.${extension}`;
}

/** Where an upload waits if its name is not known yet, because its metadata follows the file or is missing. */
export function stagingKey(attempt: string): string {
  return `staging/${attempt}.progy`;
}

/** Where `npm run executables` stores a standalone program of progy, and the list of them. No publish writes below it. */
export function executableKey(name: string): string {
  return `executables/${name}`;
}

export const EXECUTABLES_LIST_KEY = executableKey('index.json');

/** Where the tarball of a version of progy stays once it was deployed, and the list of them. */
export function clientKey(version: string): string {
  return `clients/cli-${version}.tgz`;
}

export const KEPT_CLIENTS_KEY = 'clients/index.json';

/** File name in Content-Disposition: made of checked parts only, so it needs no quoting rules. */
export function downloadName(kind: ArtifactKind, name: PackageName, version: string): string {
  return kind === 'progy' ? progyFileName(name, version) : tarballFileName(name, version);
}
