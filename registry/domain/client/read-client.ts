// Owns progy as a package of the registry: one version, which was deployed with the Worker, with npm's documents about it.

import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import {
  SHIPPED_FACTS,
  SHIPPED_TARBALL,
  type ShippedClient,
  shippedClientSchema,
} from '@progy/protocol/client/shipped-client.ts';
import { tarballFileName } from '@progy/protocol/course/package-name.ts';
import { abbreviatedPackument, fullPackument, type TarballDist } from '@progy/protocol/wire/packument.ts';
import type { Signature } from '@progy/protocol/wire/signature.ts';
import { tarballPath } from '@progy/protocol/wire/urls.ts';
import type { RegistryContext } from '../../context.ts';
import { signShipped } from '../publish/signing.ts';
import { type Document, etagOf } from '../read/document.ts';
import { versionNotFound } from '../versions/missing-version.ts';

/** The shipped client, signed. */
interface Client extends ShippedClient {
  version: string;
  signatures: Signature[];
}

/** Its tarball. */
export interface ClientTarball {
  size: number;
  fileName: string;
  etag: string;
  bytes: Uint8Array;
}

/** By the files of an isolate. */
const signed = new WeakMap<RegistryContext['shipped'], Promise<Client>>();

/** npm's packument. */
export async function readClientPackument(context: RegistryContext, form: 'full' | 'abbreviated'): Promise<Document> {
  const client = await readClient(context);
  const { version, builtAt, manifest } = client;
  const published = new Date(builtAt);
  const document = JSON.stringify(form === 'full' ? manifestOf(client, context) : shortManifestOf(client, context));
  const parts = {
    name: CLIENT,
    rev: `1-${client.shasum}`,
    createdAt: published,
    updatedAt: published,
    distTags: { latest: version },
    versions: [{ version, publishedAt: published, manifest: document }],
  };
  const { description, license } = manifest;
  const details = { description, license, maintainers: [], readme: null };
  const json = form === 'full' ? fullPackument(parts, details) : abbreviatedPackument(parts);
  return documentOf(context, client, form, json);
}

/** npm's manifest of its version, or of `latest`. @throws {RegistryError} VERSION_NOT_FOUND. */
export async function readClientManifest(context: RegistryContext, versionOrTag: string): Promise<Document> {
  const client = await readClient(context);
  if (versionOrTag !== 'latest' && versionOrTag !== client.version) throw versionNotFound(CLIENT, versionOrTag);
  return documentOf(context, client, client.version, JSON.stringify(manifestOf(client, context)));
}

/** `{tag: version}`. */
export async function readClientTags(context: RegistryContext): Promise<Record<string, string>> {
  return { latest: (await readClient(context)).version };
}

/** Version and SRI sha512 of its tarball. */
export async function readClientFacts(context: RegistryContext): Promise<{ version: string; integrity: string }> {
  const { version, integrity } = await readClient(context);
  return { version, integrity };
}

/** The tarball of a version; without one, of the newest. @throws {RegistryError} VERSION_NOT_FOUND. */
export async function readClientTarball(context: RegistryContext, version?: string): Promise<ClientTarball> {
  const client = await readClient(context);
  if (version !== undefined && version !== client.version) throw versionNotFound(CLIENT, version);
  const bytes = await context.shipped.read(SHIPPED_TARBALL);
  const fileName = tarballFileName(CLIENT, client.version);
  return { size: bytes.length, fileName, etag: `"${client.shasum}"`, bytes };
}

function readClient(context: RegistryContext): Promise<Client> {
  const before = signed.get(context.shipped);
  if (before !== undefined) return before;
  const reading = readAndSign(context);
  signed.set(context.shipped, reading);
  // What failed is tried again by the next request.
  reading.catch(() => signed.delete(context.shipped));
  return reading;
}

async function readAndSign(context: RegistryContext): Promise<Client> {
  const text = new TextDecoder().decode(await context.shipped.read(SHIPPED_FACTS));
  const shipped = shippedClientSchema.parse(JSON.parse(text));
  const { name, version } = shipped.manifest;
  return {
    ...shipped,
    version,
    signatures: await signShipped(context, { name, version, integrity: shipped.integrity }),
  };
}

function manifestOf(client: Client, context: RegistryContext): object {
  const { manifest, signatures } = client;
  const dist = { ...distOf(client, context), ...(signatures.length === 0 ? {} : { signatures }) };
  return { ...manifest, _id: `${CLIENT.full}@${client.version}`, dist, maintainers: [] };
}

/** What installers need: without `bin` they would link no command. */
function shortManifestOf(client: Client, context: RegistryContext): object {
  const { name, version, bin, engines } = client.manifest;
  return { name, version, bin, engines, dist: distOf(client, context) };
}

function distOf(client: Client, { settings }: RegistryContext): TarballDist {
  const { version, integrity, shasum, fileCount, unpackedSize } = client;
  return { tarball: settings.origin + tarballPath(CLIENT, version), integrity, shasum, fileCount, unpackedSize };
}

function documentOf({ settings }: RegistryContext, client: Client, part: string, json: string): Document {
  const revision = `${client.shasum}-${client.signatures[0]?.keyid ?? 'unsigned'}`;
  return {
    bytes: new TextEncoder().encode(json),
    encoding: 'identity',
    etags: [etagOf(settings, revision, part)],
    isPublic: true,
  };
}
