// Owns checking, as clients see it, that a version exists completely or not at all.
import { createHash } from 'node:crypto';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Manifest, Packument } from '@progy/protocol/wire/packument.ts';
import { downloadPath, packumentPath, resolvePath, tarballPath } from '@progy/protocol/wire/urls.ts';
import type { Test } from 'tap';
import type { RegistryClient } from '../harness.ts';

/**
 * Asserts that every address agrees on one version: all of them serve it, with the hashes that its manifest names, or none does.
 * @returns true if it exists.
 */
export async function wholeOrNone(
  t: Test,
  registry: RegistryClient,
  name: PackageName,
  version: string,
): Promise<boolean> {
  const { status, body } = await registry.json(packumentPath(name));
  const { versions = {}, 'dist-tags': tags = {} } = (status === 200 ? body : {}) as Partial<Packument>;
  const manifest = versions[version];
  if (manifest !== undefined) await isWhole(t, registry, manifest);
  else await isNowhere(t, registry, name, version);
  for (const [tag, tagged] of Object.entries(tags)) t.ok(versions[tagged], `dist-tag ${tag} names a version`);
  return manifest !== undefined;
}

async function isWhole(t: Test, registry: RegistryClient, { dist }: Manifest): Promise<void> {
  const tarball = await bytesAt(registry, dist.tarball);
  const progy = await bytesAt(registry, dist.progy.url);
  t.equal(integrityOf(tarball), dist.integrity, 'the tarball is what dist says');
  t.equal(integrityOf(progy), dist.progy.integrity, 'the .progy file is what dist.progy says');
}

async function isNowhere(t: Test, registry: RegistryClient, name: PackageName, version: string): Promise<void> {
  for (const path of [tarballPath(name, version), downloadPath(name, version), `${packumentPath(name)}/${version}`]) {
    const { status, body } = await registry.json(path);
    t.match({ status, code: body.code }, { status: 404, code: /^(?:PACKAGE|VERSION)_NOT_FOUND$/ }, path);
  }
  const { versions = [] } = (await registry.json(resolvePath(name))).body;
  t.notOk((versions as string[]).includes(version), 'resolve does not list it');
}

/** Documents contain the public origin; a test uses its own registry's address. */
async function bytesAt(registry: RegistryClient, url: string): Promise<Buffer> {
  return Buffer.from(await (await registry.fetch(new URL(url).pathname)).arrayBuffer());
}

/** SRI sha512. */
export function integrityOf(bytes: Uint8Array): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}
