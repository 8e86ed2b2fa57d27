// Owns what can be published: a .progy file on disk, given or freshly packed from a folder, read and hashed.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactSource } from '@progy/protocol/bytes/artifact-source.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import type { Course } from '@progy/protocol/course/course.ts';
import { progyFileName } from '@progy/protocol/course/package-name.ts';
import { hashFiles, treeHash } from '@progy/protocol/course/tree-hash.ts';
import { openProgyFile, readCourse } from '@progy/protocol/zip/progy-file.ts';
import type { Context } from '../context.ts';
import { digestArtifact, withArtifactFile } from './artifact.ts';
import { CHANGELOG, changelogOf } from './changelog.ts';
import { readCourseFolder } from './folder.ts';
import { packCourse } from './pack.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

/** A valid .progy file. `source` may be read only while the work it was made for runs. */
export interface Publishable {
  readonly course: Course;
  readonly source: ArtifactSource;
  /** Hex sha256 of the file. */
  readonly checksum: string;
  /** SRI sha512 of the file. */
  readonly integrity: string;
  readonly tree: string;
}

/** A course that could be published, before anything large is read. */
export interface Candidate {
  readonly course: Course;
  /** What its CHANGELOG.md says of this version; known for a folder only. */
  readonly changelog?: string | undefined;
  /** Makes it available while some work runs. */
  withPublishable<T>(work: (publishable: Publishable) => Promise<T>): Promise<T>;
}

/** The course in a folder. It is packed each time: a .progy file in the folder may be out of date. */
export async function candidateInFolder(root: string, { talk, signal }: Context): Promise<Candidate> {
  const { course, files, warnings } = await readCourseFolder(root);
  for (const warning of warnings) talk.warn(warning);
  const hasChangelog = files.some(({ path }) => path === CHANGELOG);
  return {
    course,
    changelog: hasChangelog ? await changelogOf(root, course.version) : undefined,
    withPublishable: (work) =>
      withTemporaryFolder(tmpdir(), async (folder) => {
        const path = join(folder, progyFileName(course.name, course.version));
        const packed = await talk.during('Packing', (report) => packCourse(files, path, report, signal));
        return withArtifactFile(path, (source) => work({ ...packed, course, source }));
      }),
  };
}

/** The course in a .progy file. Reading all of it finds damage before the upload. */
export async function candidateInFile(path: string): Promise<Candidate> {
  const course = await withArtifactFile(path, async (source) => readCourse(await openProgyFile(source, nodePlatform)));
  return {
    course,
    withPublishable: (work) =>
      withArtifactFile(path, async (source) => {
        const file = await openProgyFile(source, nodePlatform);
        const tree = treeHash(await hashFiles(file.files(), nodePlatform), nodePlatform);
        return work({ ...(await digestArtifact(source)), course, source, tree });
      }),
  };
}
