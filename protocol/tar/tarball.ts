// Owns the exports for tarballs: course files to an npm tarball and back.

export type { FileList } from './file-list.ts';
export { readTarball } from './tarball-reader.ts';
export { type TarballContents, writeTarball } from './tarball-writer.ts';
