// Owns progy as a package of the registry: npm's documents about it, and its tarballs.
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import { SHIPPED_TARBALL } from '@progy/protocol/client/shipped-client.ts';
import { tarballFileName } from '@progy/protocol/course/package-name.ts';
import {
  abbreviatedPackument,
  fullPackument,
  type ManifestRow,
  type TarballDist,
} from '@progy/protocol/wire/packument.ts';
import { tarballPath } from '@progy/protocol/wire/urls.ts';
import type { RegistryContext } from '../../context.ts';
import { clientKey } from '../../storage/artifact-key.ts';
import type { ByteRange } from '../../storage/artifacts.ts';
import { type Document, etagOf } from '../read/document.ts';
import { type Client, findClient, readClients } from './clients.ts';

/** The tarball of a version. */
export interface ClientTarball {
  size: number;
  fileName: string;
  etag: string;
  client: Client;
}

/** npm's packument. */
export async function readClientPackument(context: RegistryContext, form: 'full' | 'abbreviated'): Promise<Document> {
  const { latest, versions } = await readClients(context);
  const rows = versions.map((client) => rowOf(client, context, form));
  const parts = {
    name: CLIENT,
    rev: `${versions.length}-${latest.shasum}`,
    createdAt: rows[0]?.publishedAt ?? new Date(latest.builtAt),
    updatedAt: new Date(latest.builtAt),
    distTags: { latest: latest.version },
    versions: rows,
  };
  const { description, license } = latest.manifest;
  const details = { description, license, maintainers: [], readme: null };
  const json = form === 'full' ? fullPackument(parts, details) : abbreviatedPackument(parts);
  return documentOf(context, latest, `${form}-${versions.length}`, json);
}

/** npm's manifest of a version, by number or dist-tag. @throws {RegistryError} VERSION_NOT_FOUND. */
export async function readClientManifest(context: RegistryContext, versionOrTag: string): Promise<Document> {
  const client = await findClient(context, versionOrTag);
  return documentOf(context, client, 'manifest', JSON.stringify(manifestOf(client, context)));
}

/** `{tag: version}`. */
export async function readClientTags(context: RegistryContext): Promise<Record<string, string>> {
  return { latest: (await readClients(context)).latest.version };
}

/** The tarball of a version, by number or dist-tag. @throws {RegistryError} VERSION_NOT_FOUND. */
export async function findClientTarball(context: RegistryContext, versionOrTag: string): Promise<ClientTarball> {
  const client = await findClient(context, versionOrTag);
  const { size, shasum, version } = client;
  return { size, fileName: tarballFileName(CLIENT, version), etag: `"${shasum}"`, client };
}

/** Opens a tarball's bytes. @throws {RegistryError} ARTIFACT_MISSING. */
export async function openClientTarball(
  { shipped, artifacts }: RegistryContext,
  { client, size }: ClientTarball,
  range: ByteRange | undefined,
): Promise<ReadableStream> {
  if (!client.isShipped) return artifacts.open(clientKey(client.version), size, range);
  const bytes = await shipped.read(SHIPPED_TARBALL);
  const { offset, length } = range ?? { offset: 0, length: size };
  return new Blob([bytes.subarray(offset, offset + length) as Uint8Array<ArrayBuffer>]).stream();
}

function rowOf(client: Client, context: RegistryContext, form: 'full' | 'abbreviated'): ManifestRow {
  const manifest = form === 'full' ? manifestOf(client, context) : shortManifestOf(client, context);
  return { version: client.version, publishedAt: new Date(client.builtAt), manifest: JSON.stringify(manifest) };
}

function manifestOf(client: Client, context: RegistryContext): object {
  const { manifest, signatures, version } = client;
  const dist = { ...distOf(client, context), ...(signatures.length === 0 ? {} : { signatures }) };
  return { ...manifest, _id: `${CLIENT.full}@${version}`, dist, maintainers: [] };
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

/** @param client names the state of what is shown. */
function documentOf({ settings }: RegistryContext, client: Client, part: string, json: string): Document {
  const revision = `${client.shasum}-${client.signatures[0]?.keyid ?? 'unsigned'}`;
  return {
    bytes: new TextEncoder().encode(json),
    encoding: 'identity',
    etags: [etagOf(settings, revision, part)],
    isPublic: true,
  };
}
