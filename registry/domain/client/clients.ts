// Owns the versions of progy that a registry serves, signed: the one deployed with the Worker, and those before it.
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import type { ShippedClient } from '@progy/protocol/client/shipped-client.ts';
import type { Signature } from '@progy/protocol/wire/signature.ts';
import type { RegistryContext } from '../../context.ts';
import { signShipped } from '../publish/signing.ts';
import { versionNotFound } from '../versions/missing-version.ts';
import { readKept } from './kept-clients.ts';
import { readShipped } from './shipped-client.ts';

/** A version of progy. */
export interface Client extends ShippedClient {
  version: string;
  signatures: Signature[];
  /** Its bytes were deployed with this Worker; those of the others are in the bucket. */
  isShipped: boolean;
}

export interface Clients {
  /** The version that matches this Worker. */
  latest: Client;
  /** All of them, in the order in which they were deployed. */
  versions: readonly Client[];
}

/** By the files of an isolate: another deployment has other isolates. */
const known = new WeakMap<RegistryContext['shipped'], Promise<Clients>>();

/** All versions that are served. @throws {Error} if none was deployed with the Worker. */
export function readClients(context: RegistryContext): Promise<Clients> {
  const before = known.get(context.shipped);
  if (before !== undefined) return before;
  const reading = readAll(context);
  known.set(context.shipped, reading);
  // What failed is tried again by the next request.
  reading.catch(() => known.delete(context.shipped));
  return reading;
}

/** A version by number or dist-tag. @throws {RegistryError} VERSION_NOT_FOUND. */
export async function findClient(context: RegistryContext, versionOrTag: string): Promise<Client> {
  const { latest, versions } = await readClients(context);
  const found = versionOrTag === 'latest' ? latest : versions.find(({ version }) => version === versionOrTag);
  if (found === undefined) throw versionNotFound(CLIENT, versionOrTag);
  return found;
}

async function readAll(context: RegistryContext): Promise<Clients> {
  const [shipped, kept] = await Promise.all([readShipped(context), readKept(context)]);
  const isSameVersion = ({ manifest }: ShippedClient) => manifest.version === shipped.manifest.version;
  const facts = kept.some(isSameVersion) ? kept : [...kept, shipped];
  const versions = await Promise.all(facts.map((client) => sign(context, client, shipped)));
  // One of them is.
  return { latest: versions.find(isSameVersion) as Client, versions };
}

async function sign(context: RegistryContext, client: ShippedClient, shipped: ShippedClient): Promise<Client> {
  const { integrity, manifest } = client;
  const { name, version } = manifest;
  const signatures = await signShipped(context, { name, version, integrity });
  return { ...client, version, signatures, isShipped: integrity === shipped.integrity };
}
