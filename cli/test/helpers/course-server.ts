// Owns serving one real tarball with faults around it: wrong bytes, cut bytes, strange packuments. Not a stand-in for the registry.
import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { type Course, parseCourse } from '@progy/protocol/course/course.ts';
import type { CourseFile } from '@progy/protocol/course/course-files.ts';
import { writeTarball } from '@progy/protocol/tar/tarball.ts';
import type { PublicKey } from '@progy/protocol/wire/signature.ts';
import { KEYS_PATH, packumentPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import { readCourseFolder } from '../../course/folder.ts';
import { answer } from './fault-server.ts';

export interface Tarball {
  readonly course: Course;
  readonly bytes: Buffer;
  readonly integrity: string;
  readonly tree: string;
}

/** The tarball of a fixture course, as the registry would make it. */
export async function fixtureTarball(name: string): Promise<Tarball> {
  const root = fileURLToPath(new URL(`../../../fixtures/courses/${name}`, import.meta.url));
  const { course, files } = await readCourseFolder(root);
  async function* contents(): AsyncIterable<CourseFile> {
    for (const { open, ...entry } of files) yield { ...entry, content: open() };
  }
  return tarballOf(course, contents());
}

/** A tarball of any files, with its true integrity. */
export async function tarballOf(course: Course, files: AsyncIterable<CourseFile>): Promise<Tarball> {
  const tarball = writeTarball(course, files, nodePlatform);
  const chunks: Uint8Array[] = [];
  for await (const chunk of tarball.bytes) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return { course, bytes, integrity: integrityOf(bytes), tree: tarball.contents().tree };
}

export function integrityOf(bytes: Uint8Array): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

export function courseNamed(name: string, version: string): Course {
  return parseCourse(new TextEncoder().encode(JSON.stringify({ name, version })));
}

/** The tarball of a course with hardly anything in it. */
export async function smallTarball(name: string, version: string): Promise<Tarball> {
  const texts = { 'content/01/01/README.md': `# ${version}\n`, 'course.json': JSON.stringify({ name, version }) };
  const files = async function* (): AsyncIterable<CourseFile> {
    for (const [path, text] of Object.entries(texts)) {
      const bytes = Buffer.from(text);
      yield {
        path,
        mode: '100644',
        size: bytes.length,
        content: (async function* () {
          yield bytes;
        })(),
      };
    }
  };
  return tarballOf(courseNamed(name, version), files());
}

/** Serves several versions of one course; the last is `latest`. */
export function servingVersions(...versions: readonly Tarball[]): RequestListener {
  const name = versions[0]?.course.name ?? courseNamed('@a/b', '1.0.0').name;
  return (request, response) => {
    const origin = `http://${request.headers.host}`;
    const manifests = versions.map(({ course: { version }, integrity, tree }) => {
      const dist = { tarball: origin + tarballPath(name, version), integrity, progy: { tree } };
      return [version, { name: name.full, version, dist }];
    });
    const tags = { latest: versions.at(-1)?.course.version };
    const packument = { name: name.full, 'dist-tags': tags, versions: Object.fromEntries(manifests), time: {} };
    const found = versions.find(({ course }) => request.url === tarballPath(name, course.version));
    if (found !== undefined) return sending(found.bytes)(request, response);
    return answer(request.url === packumentPath(name) ? 200 : 404, packument)(request, response);
  };
}

/** When the served version was published. */
export const PUBLISHED_AT = '2026-09-01T08:00:00.000Z';

interface Faults {
  /** Successive answers for the tarball; the last one repeats. */
  readonly tarballs?: readonly RequestListener[];
  /** Changes `dist` of the manifest. */
  readonly dist?: (dist: Record<string, unknown>) => Record<string, unknown>;
  /** The versions of progy that the course asks for. */
  readonly engine?: string;
  /** The registry's list of keys; without one, it does not sign. */
  readonly keys?: readonly PublicKey[];
}

/** Serves the packument and tarball of one version. */
export function serving({ course, bytes, integrity, tree }: Tarball, faults: Faults = {}): RequestListener {
  const { name, version } = course;
  const tarballs = [...(faults.tarballs ?? [sending(bytes)])];
  return (request, response) => {
    const origin = `http://${request.headers.host}`;
    const dist = { tarball: origin + tarballPath(name, version), integrity, progy: { tree } };
    const wish = faults.engine === undefined ? {} : { progy: { engine: faults.engine } };
    const manifest = { name: name.full, version, ...wish, dist: faults.dist?.(dist) ?? dist };
    const packument = {
      name: name.full,
      'dist-tags': { latest: version },
      versions: { [version]: manifest },
      time: { [version]: PUBLISHED_AT },
    };
    if (request.url === packumentPath(name)) return answer(200, packument)(request, response);
    if (request.url === KEYS_PATH) return answer(faults.keys ? 200 : 404, { keys: faults.keys })(request, response);
    const next = tarballs.length > 1 ? tarballs.shift() : tarballs[0];
    next?.(request, response);
  };
}

/** Serves several courses, each as {@link serving} does; what npm clients ask besides is answered with nothing. */
export function servingAll(tarballs: readonly Tarball[], keys?: readonly PublicKey[]): RequestListener {
  const listeners = tarballs.map((tarball) => ({ name: tarball.course.name, serve: serving(tarball, { keys }) }));
  return (request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    const found = listeners.find(({ name }) => path === `/${name.full}` || path.startsWith(`/${name.full}/`));
    if (found !== undefined && path === `/${found.name.full}`) request.url = packumentPath(found.name);
    if (found !== undefined) return found.serve(request, response);
    if (path === KEYS_PATH) return answer(keys ? 200 : 404, { keys })(request, response);
    return answer(request.method === 'POST' ? 200 : 404, {})(request, response);
  };
}

export function sending(bytes: Uint8Array): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
    response.end(bytes);
  };
}

/** How much of a tarball a server sends, and how. */
interface Sending {
  readonly etag?: string;
  /** False: it knows no ranges. */
  readonly ranges?: boolean;
  /** Breaks off after so many bytes. */
  readonly cutAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends bytes as the registry does, with ranges (RFC 9110 §14), or a part of them. */
export function sendingPart(bytes: Uint8Array, sending: Sending = {}): RequestListener {
  const { etag, cutAfter = bytes.length, headers } = sending;
  const common = { 'content-type': 'application/octet-stream', ...headers, ...(etag === undefined ? {} : { etag }) };
  return (request, response) => {
    const offset = askedOffset(request, sending);
    const range = `bytes ${offset}-${bytes.length - 1}/${bytes.length}`;
    const rest = bytes.subarray(offset);
    const length = { 'content-length': rest.length };
    if (offset === 0) response.writeHead(200, { ...common, ...length });
    else if (rest.length > 0) response.writeHead(206, { ...common, ...length, 'content-range': range });
    else response.writeHead(416, { ...common, 'content-range': `bytes */${bytes.length}` });
    if (cutAfter >= rest.length) response.end(rest);
    else response.write(rest.subarray(0, cutAfter), () => setImmediate(() => request.socket.destroy()));
  };
}

/** Where the range that is asked for begins; 0 without one that counts. */
function askedOffset({ headers }: IncomingMessage, { etag, ranges = true }: Sending): number {
  const condition = headers['if-range'];
  if (!ranges || (condition !== undefined && condition !== etag)) return 0;
  return Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
}

/** The same bytes, with one changed. */
export function flipped(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}
