// Owns `npm run signing-keys [registry URL]`: prints a new value for the secret SIGNING_KEYS, for wrangler to read.
import { keyListSchema } from '@progy/protocol/wire/signature.ts';
import { KEYS_PATH } from '@progy/protocol/wire/urls.ts';
import { withNewKey } from './signing-keys.ts';

const [registry] = process.argv.slice(2);
const listed = registry === undefined ? [] : await listedAt(registry);
console.log(JSON.stringify(await withNewKey(listed)));

/** The registry lists its old keys, so nobody has to keep a file of them. */
async function listedAt(registry: string) {
  const response = await fetch(new URL(KEYS_PATH, registry));
  const keys = response.ok ? keyListSchema.safeParse(await response.json()).data?.keys : undefined;
  // Without the old keys, every version would look forged.
  if (!keys?.length)
    throw new Error(`${registry} lists no keys (status ${response.status}); for the first one, name no registry`);
  return keys;
}
