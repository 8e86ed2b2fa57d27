// Owns publishing by hand as npm clients do: their tarballs, and the documents that they PUT around them.
import { createHash } from 'node:crypto';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { packumentPath } from '@progy/protocol/wire/urls.ts';
import { buildTarball, type TarEntrySpec } from '../../../fixtures/tar-builder.ts';
import { type Answer, bearer, type RegistryClient } from '../harness.ts';
import { integrityOf } from './verify-version.ts';

/** Files by path, as an instructor's folder holds them. */
export type Folder = Record<string, string | Uint8Array>;

/** The folder of the course that packCourse packs, with a package.json, and whatever else is asked for. */
export function courseFolder(name: string, version = '1.0.0', more: Folder = {}, course: object = {}): Folder {
  return {
    'package.json': JSON.stringify({ name, version }),
    'course.json': JSON.stringify({ name, version, ...course }),
    'content/01_start/01_hello/README.md': '# Hello\n',
    ...more,
  };
}

export function entriesOf(folder: Folder, executable: readonly string[] = []): TarEntrySpec[] {
  return Object.entries(folder).map(([path, content]) => ({
    name: `package/${path}`,
    content,
    mode: executable.includes(path) ? 0o755 : 0o644,
  }));
}

/** The tarball of a folder, in npm's layout. */
export function tarballOf(folder: Folder, executable?: readonly string[]): Uint8Array {
  return buildTarball(entriesOf(folder, executable));
}

export interface Publish {
  name: string;
  version: string;
  tarball: Uint8Array;
}

/** `dist` as clients send it, with the scope twice in the address. */
export function distOf({ name, version, tarball }: Publish): Record<string, unknown> {
  const shasum = createHash('sha1').update(tarball).digest('hex');
  const address = `http://localhost:4873/${name}/-/${name}-${version}.tgz`;
  return { integrity: integrityOf(tarball), shasum, tarball: address };
}

export function attachmentsOf({ name, version, tarball }: Publish): Record<string, Record<string, unknown>> {
  const data = Buffer.from(tarball).toString('base64');
  return {
    [`${name}-${version}.tgz`]: { content_type: 'application/octet-stream', data, length: tarball.length },
  };
}

/** What npm 12 sends. */
export function documentOf(publish: Publish, more: Record<string, unknown> = {}): Record<string, unknown> {
  const { name, version } = publish;
  const manifest = { name, version, _id: `${name}@${version}`, _npmVersion: '12.2.0', dist: distOf(publish) };
  return {
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, readmeFilename: 'README.md' } },
    access: null,
    _attachments: attachmentsOf(publish),
    ...more,
  };
}

/** PUTs a document to the address of a package. */
export function put(
  registry: RegistryClient,
  token: string,
  name: string,
  document: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = typeof document === 'string' ? document : JSON.stringify(document);
  return registry.json(packumentPath(parsePackageName(name)), {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...bearer(token), ...headers },
    body,
  });
}

/** Publishes a folder as npm 12 does. */
export function publishFolder(
  registry: RegistryClient,
  token: string,
  folder: Folder,
  more: Record<string, unknown> = {},
): Promise<Answer> {
  const { name, version } = JSON.parse(String(folder['package.json'] ?? folder['course.json']));
  return put(registry, token, name, documentOf({ name, version, tarball: tarballOf(folder) }, more));
}

/** A publish of a folder, by default of a small course. */
export const publishOf = (name: string, version = '1.0.0', folder: Folder = courseFolder(name, version)): Publish => ({
  name,
  version,
  tarball: tarballOf(folder),
});
