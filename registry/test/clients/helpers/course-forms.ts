// Owns the forms of a published course, each read back to the files of the course.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { type HashedEntry, hashFiles } from '@progy/protocol/course/tree-hash.ts';
import { readTarball } from '@progy/protocol/tar/tarball.ts';
import type { Manifest } from '@progy/protocol/wire/packument.ts';
import { resolutionSchema } from '@progy/protocol/wire/resolution.ts';
import { packumentPath, resolvePath } from '@progy/protocol/wire/urls.ts';
import { bytesSource, openProgyFile } from '@progy/protocol/zip/progy-file.ts';
import type { Test } from 'tap';
import { bearer, type RegistryClient } from '../../harness.ts';
import { readCourseFiles, temporaryFolder } from './folders.ts';
import { progy } from './progy.ts';
import { freshEnvironment, runProgram } from './run-program.ts';

/** One version in one registry, and the token of somebody who may see it. */
export interface Release {
  registry: RegistryClient;
  token: string;
  name: PackageName;
  version: string;
}

export interface Downloaded {
  progyFile: Uint8Array;
  tarball: Uint8Array;
  /** The tree hash in npm's manifest and in /registry/resolve. */
  trees: { dist: string; resolve: string };
}

/** Downloads both artifacts from where the manifest says they are. */
export async function download({ registry, token, name, version }: Release): Promise<Downloaded> {
  const get = (path: string) => registry.fetch(path, { headers: bearer(token) });
  const { dist } = (await (await get(`${packumentPath(name)}/${version}`)).json()) as Manifest;
  const { artifacts } = resolutionSchema.parse(await (await get(resolvePath(name))).json());
  return {
    progyFile: new Uint8Array(await (await get(dist.progy.url)).arrayBuffer()),
    tarball: new Uint8Array(await (await get(dist.tarball)).arrayBuffer()),
    trees: { dist: dist.progy.tree, resolve: artifacts[version]?.tree ?? '' },
  };
}

/** The files of a .progy file, in its order. */
export async function filesOfProgyFile(bytes: Uint8Array): Promise<HashedEntry[]> {
  const file = await openProgyFile(bytesSource(bytes), nodePlatform);
  return hashFiles(file.files(), nodePlatform);
}

/** The files of a tarball under the names they have in the course, in its order. */
export function filesOfTarball(bytes: Uint8Array): Promise<HashedEntry[]> {
  const once = async function* () {
    yield bytes;
  };
  return hashFiles(readTarball(once(), nodePlatform), nodePlatform);
}

/** The files of a .progy file, as the system's unzip writes them. */
export async function filesAfterUnzip(t: Test, unzip: string, progyFile: Uint8Array): Promise<HashedEntry[]> {
  const folder = await temporaryFolder(t);
  const [archive, out] = [join(folder, 'course.zip'), join(folder, 'out')];
  await mkdir(out);
  await writeFile(archive, progyFile);
  const { code, stderr } = await runProgram([unzip], ['-q', archive, '-d', out], {
    cwd: folder,
    env: freshEnvironment(folder),
  });
  if (code !== 0) throw new Error(`unzip ended with ${code}: ${stderr}`);
  return readCourseFiles(out);
}

/** The files a student has after `progy init`, without what makes the folder theirs. */
export async function filesAfterInit(t: Test, release: Release): Promise<HashedEntry[]> {
  const { registry, token, name, version } = release;
  const home = await temporaryFolder(t);
  const env = { PROGY_REGISTRY: registry.url, PROGY_TOKEN: token };
  await progy(['init', `${name.full}@${version}`, 'course'], { cwd: home, home, env });
  return readCourseFiles(join(home, 'course'), (path) => path === PROGY_LOCK || path.startsWith('.git/'));
}
