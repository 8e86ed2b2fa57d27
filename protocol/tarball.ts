// Owns the name under which others import tarballs: course files to an npm tarball and back.

export { type FileList, parseFileList } from './file-list.ts';
export { FILE_LIST_ENTRY, MANIFEST_ENTRY } from './tarball-layout.ts';
export { readTarball } from './tarball-reader.ts';
export { type CourseTarball, type TarballContents, writeTarball } from './tarball-writer.ts';
