// Owns copying courses from a registry into a mirror: every byte is checked against its integrity and signature on the way.
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { hashing, toBase64 } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import { countingUpTo } from '@progy/protocol/course/course-files.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { downloadPath, infoPath, packumentPath, resolvePath } from '@progy/protocol/wire/urls.ts';
import * as z from 'zod';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { exchange } from '../../network/exchange.ts';
import { namingRegistry } from '../../network/network-error.ts';
import { openCache } from '../../registry/cache.ts';
import type { Registry } from '../../registry/choice.ts';
import { createRegistryClient, type RegistryClient } from '../../registry/client.ts';
import type { ResolvedCourse } from '../../registry/resolved-course.ts';
import { checkSignature } from '../../registry/signature.ts';
import { type CourseSource, createCourseSource } from '../../registry/source.ts';
import type { CourseSpec } from '../../registry/spec.ts';
import {
  ABBREVIATED_PACKUMENT,
  FULL_PACKUMENT,
  type Mirror,
  mirrorPaths,
  movedTo,
  readMirror,
} from './mirror-files.ts';
import { abbreviated, type CopiedPackument, onlyVersions, packumentSchema } from './packument-copy.ts';

const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;
const CLI_SPEC: CourseSpec = { name: CLIENT, wanted: 'latest', kind: 'range' };

/** Documents that are copied as they are. */
const anyDocument = z.looseObject({});

export interface MirrorRequest {
  readonly specs: readonly CourseSpec[];
  readonly registry: Registry;
  /** Absolute. Absent, empty, or a mirror of the same registry, which grows. */
  readonly folder: string;
  /** Origin that the documents will name. */
  readonly url: string;
}

export interface MirroredCourse {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** @throws {CliError} TARGET_NOT_EMPTY, NOT_A_MIRROR, SIGNATURE, INTEGRITY; what asking the registry throws. */
export async function writeMirror(request: MirrorRequest, context: Context): Promise<MirroredCourse[]> {
  const before = await openTarget(request);
  const copying = await Copying.open(request, context, before);
  const courses = [];
  for (const spec of request.specs) courses.push(await copying.course(spec));
  const cli = await copying.cli();
  const mirrored = [...courses, ...(cli === undefined ? [] : [cli])];
  await copying.write(mirrorPaths.keys, { keys: await copying.client.keys() });
  await copying.describe(mirrored);
  return mirrored;
}

async function openTarget({ folder, registry }: MirrorRequest): Promise<Mirror | undefined> {
  const mirror = await readMirror(folder);
  if (mirror !== undefined && mirror.registry !== registry.url)
    throw new CliError(
      'TARGET_NOT_EMPTY',
      `${folder} is a mirror of ${mirror.registry}`,
      'Choose another folder: -o DIR',
    );
  if (mirror === undefined && (await readdir(folder).catch(() => [])).length > 0)
    throw new CliError('TARGET_NOT_EMPTY', `${folder} is not empty, and not a mirror`, 'Choose another folder: -o DIR');
  return mirror;
}

function describe(
  { registry, url }: MirrorRequest,
  before: Mirror | undefined,
  added: readonly MirroredCourse[],
): Mirror {
  const all = [...(before?.courses ?? []), ...added.map(({ name, version }) => ({ name, version }))];
  const courses = [...new Map(all.map((course) => [`${course.name}@${course.version}`, course])).values()];
  return { format: 1, registry: registry.url, url, courses };
}

/** One run of copying. */
class Copying {
  readonly client: RegistryClient;
  readonly #request: MirrorRequest;
  readonly #source: CourseSource;
  readonly #signal: AbortSignal;
  readonly #before: Mirror | undefined;
  #isBegun: boolean;

  private constructor(request: MirrorRequest, before: Mirror | undefined, cache: string, signal: AbortSignal) {
    this.#request = request;
    this.#before = before;
    this.#isBegun = before !== undefined;
    this.#signal = signal;
    this.client = createRegistryClient(request.registry, signal);
    this.#source = createCourseSource(request.registry, { cache }, signal);
  }

  static async open(request: MirrorRequest, context: Context, before: Mirror | undefined): Promise<Copying> {
    await mkdir(request.folder, { recursive: true });
    return new Copying(request, before, await openCache(context), context.signal);
  }

  async course(spec: CourseSpec): Promise<MirroredCourse> {
    const course = await this.#tarball(spec);
    const { name } = spec;
    const packument = await this.#packument(name, course.version);
    const dist = packument.versions[course.version]?.dist;
    await this.#progyFile(name, course.version, Object(dist?.progy).integrity);
    await this.#documents(name, course.version, packument['dist-tags'].latest === course.version);
    return course;
  }

  /** What `progy info` and older clients of progy ask for. */
  async #documents(name: PackageName, version: string, isLatest: boolean): Promise<void> {
    const info = await this.client.read(infoPath(name, version), anyDocument);
    for (const asked of isLatest ? [version, 'latest'] : [version])
      await this.write(mirrorPaths.info(name, asked), info);
    await this.write(mirrorPaths.resolution(name), await this.client.read(resolvePath(name), anyDocument));
  }

  /** progy itself, if the registry offers it. */
  async cli(): Promise<MirroredCourse | undefined> {
    try {
      const course = await this.#tarball(CLI_SPEC);
      await this.#packument(CLI_SPEC.name, course.version);
      const tarball = join(this.#request.folder, mirrorPaths.tarball(CLI_SPEC.name, course.version));
      await copyFile(tarball, join(this.#request.folder, 'progy.tgz'));
      return course;
    } catch (error) {
      if (!['E404', 'PACKAGE_NOT_FOUND'].includes(Object(error).code)) throw error;
      return undefined;
    }
  }

  /** Says what the folder is, with what was there before. @param added in this run. */
  async describe(added: readonly MirroredCourse[]): Promise<void> {
    await this.write(mirrorPaths.description, describe(this.#request, this.#before, added));
  }

  /** Writes a document whole or not at all, with its addresses moved to the mirror. */
  async write(path: string, document: object): Promise<void> {
    const { registry, url } = this.#request;
    const text = movedTo(JSON.stringify(document), new URL(registry.url).origin, url);
    await this.#place(path, (file) => writeFile(file, text));
  }

  async #tarball(spec: CourseSpec): Promise<MirroredCourse> {
    const course = await this.#source.resolve(spec);
    await checkSignature(course, await this.client.keys(), this.#request.registry.label);
    await this.#begin();
    await this.#place(mirrorPaths.tarball(spec.name, course.version), (file) => this.#receive(course, file));
    return { name: course.name, version: course.version, integrity: course.integrity };
  }

  /** Before its first file a folder says that it is a mirror, so that a run that is cut off can be repeated. */
  async #begin(): Promise<void> {
    if (!this.#isBegun) await this.describe([]);
    this.#isBegun = true;
  }

  async #receive(course: ResolvedCourse, file: string): Promise<void> {
    await this.#source.receive(course, (bytes) => pipeline(bytes, createWriteStream(file)));
  }

  /** Both forms, with this version and those that the mirror has already. */
  async #packument(name: PackageName, version: string): Promise<CopiedPackument> {
    const folder = mirrorPaths.packuments(name);
    const packument = await this.client.read(packumentPath(name), packumentSchema);
    const before = await this.#versionsIn(folder);
    const kept = new Set([...before, version].filter((known) => packument.versions[known] !== undefined));
    const copy = onlyVersions(packument, kept);
    await this.write(join(folder, FULL_PACKUMENT), copy);
    await this.write(join(folder, ABBREVIATED_PACKUMENT), abbreviated(copy));
    return copy;
  }

  async #versionsIn(folder: string): Promise<string[]> {
    const text = await readFile(join(this.#request.folder, folder, FULL_PACKUMENT), 'utf8').catch(() => '{}');
    return Object.keys(Object(JSON.parse(text).versions));
  }

  async #progyFile(name: PackageName, version: string, integrity: unknown): Promise<void> {
    await this.#place(mirrorPaths.progyFile(name, version), async (file) => {
      const hash = nodePlatform.createHash('sha512');
      const bytes = await this.#open(downloadPath(name, version));
      await pipeline(hashing(countingUpTo(bytes), hash), createWriteStream(file));
      if (`sha512-${toBase64(hash.digest())}` === integrity) return;
      throw new CliError('INTEGRITY', `The .progy file of ${name.full} ${version} is not the one that was published`);
    });
  }

  async #open(path: string): Promise<AsyncIterable<Uint8Array>> {
    const { url, label, token } = this.#request.registry;
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]);
    const headers = { 'user-agent': 'progy', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    const answering = exchange(new URL(path.slice(1), url).href, { method: 'GET', headers, signal });
    const { status, body } = await answering.catch((error) => {
      throw namingRegistry(label, error);
    });
    if (status === 200) return body;
    throw new CliError('NOT_A_REGISTRY', `${label} did not send ${path} (status ${status})`);
  }

  /** Fills a file under another name first, so that a mirror never has half of one. */
  async #place(path: string, fill: (file: string) => Promise<void>): Promise<void> {
    this.#signal.throwIfAborted();
    const target = join(this.#request.folder, path);
    await mkdir(dirname(target), { recursive: true });
    await fill(`${target}.part`);
    await rename(`${target}.part`, target);
  }
}
