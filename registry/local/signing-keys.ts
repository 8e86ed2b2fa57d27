// Owns making what the secret SIGNING_KEYS holds, for the first time and when the key is changed.
import { makeKeyPair, type PublicKey } from '@progy/protocol/wire/signature.ts';
import type { SigningKey } from '../env.ts';

/** The old key signs on until the new secret is deployed, which takes a while after the list was made. */
const OVERLAP_MS = 60 * 60 * 1_000;

/**
 * A new key in front of those that a registry lists already. Of the old ones only the public half stays: they verify
 * what they signed, and expire, if they have not, an hour from `now`.
 */
export async function withNewKey(listed: readonly PublicKey[], now: Date = new Date()): Promise<SigningKey[]> {
  const soon = new Date(now.getTime() + OVERLAP_MS).toISOString();
  const old = listed.map(({ key, expires }) => ({ publicKey: key, expires: expires ?? soon }));
  return [{ ...(await makeKeyPair()), expires: null }, ...old];
}
