// Owns the packages of the benchmark: courses that every npm registry accepts, each version with different bytes.
import { createHash, randomFillSync } from 'node:crypto';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { writeProgyFile } from '@progy/protocol/zip/progy-file.ts';
import { buildTarball } from '../../../fixtures/tar-builder.ts';

const KB = 1024;
const FILE_BYTES = 1024 * KB;
/** The part of a README that npm sends with every version. */
const README = `# A course of the benchmark\n\n${'One line of what a learner reads before anything else.\n'.repeat(12)}`;
/** A word that only one course has. */
export const RARE_WORD = 'zugzwang';

export interface Publish {
  /** `@scope/slug`. */
  name: string;
  version: string;
  description: string;
  /** The files of the course, by path. */
  files: ReadonlyMap<string, Uint8Array>;
  /** The tarball that npm packs of them. */
  tarball: Uint8Array;
}

/** One version of a course, with `bytes` bytes that do not compress besides its texts. */
export function makePublish(name: string, version: string, bytes: number): Publish {
  const description = `A course of the benchmark, ${name}${name.endsWith('/one') ? `, on ${RARE_WORD}` : ''}`;
  const files = new Map<string, Uint8Array>([
    ['course.json', json({ name, version, description })],
    ['README.md', Buffer.from(README)],
    ['content/01_start/01_hello/README.md', Buffer.from(`# Hello from ${version}\n`)],
  ]);
  for (let at = 0; at < bytes; at += FILE_BYTES) {
    files.set(`content/files/${at / FILE_BYTES}.bin`, randomFillSync(Buffer.alloc(Math.min(FILE_BYTES, bytes - at))));
  }
  return { name, version, description, files, tarball: tarballOf(name, version, files, bytes) };
}

function tarballOf(name: string, version: string, files: ReadonlyMap<string, Uint8Array>, bytes: number): Uint8Array {
  const entries = [...files].map(([path, content]) => ({ name: `package/${path}`, content }));
  const manifest = { name: 'package/package.json', content: json({ name, version }) };
  // Random bytes are nearly all of it, so looking for repetitions would only be slow.
  return buildTarball([manifest, ...entries], bytes > FILE_BYTES ? 0 : 6);
}

/** Versions 1.0.0, 1.1.0, … of one course. */
export function* makeVersions(name: string, count: number, bytes: number): Iterable<Publish> {
  for (let minor = 0; minor < count; minor++) yield makePublish(name, `1.${minor}.0`, bytes);
}

/** What `npm publish` PUTs. */
export function npmDocument({ name, version, description, tarball }: Publish): Uint8Array {
  const manifest = {
    name,
    version,
    description,
    _id: `${name}@${version}`,
    readme: README,
    readmeFilename: 'README.md',
    _npmVersion: '12.2.0',
    dist: {
      integrity: `sha512-${hash(tarball, 'sha512', 'base64')}`,
      shasum: hash(tarball, 'sha1', 'hex'),
      tarball: '',
    },
  };
  manifest.dist.tarball = `http://localhost/${name}/-/${name}-${version}.tgz`;
  return json({
    _id: name,
    name,
    description,
    'dist-tags': { latest: version },
    versions: { [version]: manifest },
    access: null,
    _attachments: { [`${name}-${version}.tgz`]: attachment(tarball) },
  });
}

function attachment(tarball: Uint8Array) {
  const data = Buffer.from(tarball.buffer, tarball.byteOffset, tarball.length).toString('base64');
  return { content_type: 'application/octet-stream', data, length: tarball.length };
}

/** The body and type of what `progy publish` POSTs. */
export async function progyForm(publish: Publish): Promise<{ type: string; body: Uint8Array }> {
  const file = new Blob(await progyFile(publish));
  const checksum = hash(new Uint8Array(await file.arrayBuffer()), 'sha256', 'hex');
  const { name, version, description } = publish;
  const form = new FormData();
  form.set('metadata', JSON.stringify({ name, version, description, checksum, sizeBytes: file.size }));
  form.set('file', file, 'course.progy');
  const request = new Request('http://localhost', { method: 'POST', body: form });
  const type = request.headers.get('content-type') ?? '';
  return { type, body: new Uint8Array(await request.arrayBuffer()) };
}

async function progyFile({ files }: Publish): Promise<Uint8Array<ArrayBuffer>[]> {
  const packable = [...files].map(([path, content]) => ({
    path,
    mode: '100644' as const,
    size: content.length,
    open: async function* () {
      yield content;
    },
  }));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of writeProgyFile(packable, nodePlatform)) chunks.push(new Uint8Array(chunk));
  return chunks;
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function hash(bytes: Uint8Array, algorithm: string, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(bytes).digest(encoding);
}
