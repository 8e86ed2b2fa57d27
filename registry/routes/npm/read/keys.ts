// Owns GET /-/npm/v1/keys: the public keys of the registry's signatures, old ones included.
import type { KeyList } from '@progy/protocol/wire/signature.ts';
import type { AppContext } from '../../../app-env.ts';
import { listKeys } from '../../../domain/publish/signing.ts';
import { answer } from '../../../http/answer.ts';

/** Cached briefly: after a rotation, versions signed with the new key should not look foreign for long. */
const CACHING = 'public, max-age=60';

export async function getKeys(c: AppContext): Promise<Response> {
  return answer<KeyList>(c, { keys: await listKeys(c.var.context) }, 200, { 'Cache-Control': CACHING });
}
