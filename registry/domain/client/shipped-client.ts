// Owns the facts about the progy that was deployed with this Worker.
import { SHIPPED_FACTS, type ShippedClient, shippedClientSchema } from '@progy/protocol/client/shipped-client.ts';
import type { RegistryContext } from '../../context.ts';

/** @throws {Error} if it was not deployed: the operator's mistake, answered as 500 and logged. */
export async function readShipped({ shipped }: RegistryContext): Promise<ShippedClient> {
  const text = new TextDecoder().decode(await shipped.read(SHIPPED_FACTS));
  return shippedClientSchema.parse(JSON.parse(text));
}
