// Owns the files of an npm tarball as they lie in it, npm's manifest and the list of files included.
import { unsoundArchive } from '@progy/protocol/archive-error.ts';
import type { Platform } from '@progy/protocol/bytes/platform.ts';
import { tarballEntries } from '@progy/protocol/tar/tar-entries.ts';
import type { PackageFile } from './yarn-zip.ts';

const unsound = unsoundArchive('The tarball');

const ROOT = 'package/';

/**
 * The files of a tarball of a registry.
 * @throws {RegistryError} INVALID_ARTIFACT for anything but regular files below `package/`.
 */
export async function* packageFilesOf(
  tarball: AsyncIterable<Uint8Array>,
  platform: Platform,
): AsyncIterable<PackageFile> {
  for await (const { header, content } of tarballEntries(tarball, platform, unsound)) {
    if (header.type !== 'file' || !header.name.startsWith(ROOT)) throw unsound('is not a regular file', header.name);
    const mode = ((header.mode ?? 0) & 0o111) === 0 ? '100644' : '100755';
    yield { path: header.name.slice(ROOT.length), mode, content };
    await content.drain();
  }
}
