// Owns `progy pack`: packing a course folder into a .progy file.
import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { progyFileName } from '@progy/protocol/course/package-name.ts';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { readCourseFolder } from '../course/folder.ts';
import { type PackedCourse, packCourse } from '../course/pack.ts';
import { count, formatSize } from '../terminal/format.ts';
import type { PackOptions } from '../usage/pack.ts';

export interface PackResult extends PackedCourse {
  readonly name: string;
  readonly version: string;
  /** Path of the file, relative to the working folder. */
  readonly shownPath: string;
  readonly list: boolean;
}

export async function run(options: PackOptions, { cwd, talk, signal }: Context): Promise<PackResult> {
  const root = resolve(cwd, options.dir ?? '.');
  const named = options.output === undefined ? undefined : resolve(cwd, options.output);
  const { course, files, warnings } = await readCourseFolder(root, named);
  for (const warning of warnings) talk.warn(warning);
  const path = await outputPath(named ?? cwd, progyFileName(course.name, course.version));
  const packed = await talk.during('Packing', (report) => packCourse(files, path, report, signal));
  const shownPath = relative(cwd, path) || path;
  return { ...packed, name: course.name.full, version: course.version, shownPath, list: options.list ?? false };
}

export const views: Views<PackResult> = {
  human: (result) => [...(result.list ? listFiles(result) : []), ...summarize(result)].join('\n'),
  json: ({ name, version, path, files, unpackedSize, size, checksum, integrity, tree, list }) => ({
    name,
    version,
    path,
    fileCount: files.length,
    sizeBytes: size,
    unpackedSize,
    checksum,
    integrity,
    tree,
    ...(list ? { files: files.map(({ path, mode, size }) => ({ path, mode, size })) } : {}),
  }),
};

function summarize({ name, version, files, unpackedSize, size, checksum, shownPath }: PackResult): string[] {
  return [
    `Packed ${name} ${version} into ${shownPath}`,
    `  files     ${files.length}`,
    `  packed    ${formatSize(size)}`,
    `  unpacked  ${formatSize(unpackedSize)}`,
    `  checksum  sha256 ${checksum}`,
    '',
    `Next: progy publish ${shownPath}`,
  ];
}

function listFiles({ files }: PackResult): string[] {
  const width = Math.max(...files.map(({ size }) => formatSize(size).length));
  const lines = files.map(
    ({ path, mode, size }) =>
      `${formatSize(size).padStart(width)}  ${mode === '100755' ? 'x' : ' '}  ${escapeControls(path)}`,
  );
  return [...lines, count(files.length, 'file'), ''];
}

/** In a folder, the file gets its usual name. */
async function outputPath(named: string, fileName: string): Promise<string> {
  const isFolder = await stat(named).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isFolder ? join(named, fileName) : named;
}
