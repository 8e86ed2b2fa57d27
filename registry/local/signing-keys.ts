// Owns making the secret SIGNING_KEYS, for the first time and when the key changes.
import { makeKeyPair, type PublicKey } from '@progy/protocol/wire/signature.ts';
import type { SigningKey } from '../env.ts';

/** The old key signs until the new secret is deployed, some time after the list is made. */
const OVERLAP_MS = 60 * 60 * 1_000;

/**
 * A new key, followed by those that the registry already lists. The old ones keep only their public half: they verify
 * what they signed, and expire an hour from `now`, unless they expired before.
 */
export async function withNewKey(listed: readonly PublicKey[], now: Date = new Date()): Promise<SigningKey[]> {
  const soon = new Date(now.getTime() + OVERLAP_MS).toISOString();
  const old = listed.map(({ key, expires }) => ({ publicKey: key, expires: expires ?? soon }));
  return [{ ...(await makeKeyPair()), expires: null }, ...old];
}
