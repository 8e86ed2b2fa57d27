// Owns the versions of progy that this registry has served: they stay in the bucket, because lockfiles of classes pin them.

import { Digester } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { SHIPPED_TARBALL, type ShippedClient, shippedClientSchema } from '@progy/protocol/client/shipped-client.ts';
import * as z from 'zod';
import type { RegistryContext } from '../../context.ts';
import { clientKey, KEPT_CLIENTS_KEY } from '../../storage/artifact-key.ts';
import { readShipped } from './shipped-client.ts';

/** A version for every week of two years. The oldest go first. */
const MOST = 100;
/** Facts take some 500 bytes. */
const MAX_LIST_BYTES = MOST * 2_048;

const keptSchema = z.array(shippedClientSchema).max(MOST);

/** Facts about the versions that are kept, in the order in which they were deployed. */
export async function readKept({ artifacts }: RegistryContext): Promise<readonly ShippedClient[]> {
  const text = await artifacts.text(KEPT_CLIENTS_KEY, MAX_LIST_BYTES);
  return text === undefined ? [] : keptSchema.parse(JSON.parse(text));
}

/**
 * Keeps the version that was deployed with this Worker, unless it is kept already: bytes first, then the list.
 * A version never changes. Whoever deploys other bytes under its number keeps serving the first, and the log says so.
 */
export async function keepShipped(context: RegistryContext): Promise<void> {
  const [shipped, kept] = [await readShipped(context), await readKept(context)];
  const { version } = shipped.manifest;
  const before = kept.find(({ manifest }) => manifest.version === version);
  if (before === undefined) return keep(context, shipped, kept);
  if (before.integrity !== shipped.integrity)
    console.error(`progy ${version} was deployed before with other bytes, which are still served. Raise its version`);
}

async function keep(
  { artifacts, shipped: files }: RegistryContext,
  shipped: ShippedClient,
  kept: readonly ShippedClient[],
): Promise<void> {
  const { manifest, integrity } = shipped;
  await artifacts.put(clientKey(manifest.version), await files.read(SHIPPED_TARBALL), integrity);
  const list = new TextEncoder().encode(JSON.stringify([...kept, shipped].slice(-MOST)));
  await artifacts.put(KEPT_CLIENTS_KEY, list, integrityOf(list));
  console.log(`kept progy ${manifest.version}`);
}

function integrityOf(bytes: Uint8Array): string {
  const digester = new Digester(nodePlatform, ['sha512']);
  digester.update(bytes);
  return digester.digest().integrity;
}
