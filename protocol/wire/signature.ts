// Owns the registry's signatures in npm's format: the signed message, names and list of keys, signing and verifying.
import * as z from 'zod';
import { fromDer, toDer } from '../bytes/ecdsa-der.ts';
import { toBase64 } from '../bytes/integrity.ts';

/** One signature of a version, as `dist.signatures` lists it. */
export interface Signature {
  /** Names the key; see {@link keyIdOf}. */
  keyid: string;
  /** Base64 of the signature's DER. */
  sig: string;
}

const KEY_TYPE = 'ecdsa-sha2-nistp256';

const publicKeySchema = z.object({
  /** ISO 8601; versions published from then on cannot be signed with it. Null for the current key. */
  expires: z.iso.datetime().nullable(),
  keyid: z.string(),
  keytype: z.string(),
  scheme: z.string(),
  /** Base64 of the key's SPKI DER. */
  key: z.string(),
});

/** The document of `/-/npm/v1/keys`, which includes old keys. */
export const keyListSchema = z.object({ keys: z.array(publicKeySchema) });

/** One key, as `/-/npm/v1/keys` lists it. */
export type PublicKey = z.infer<typeof publicKeySchema>;
export type KeyList = z.infer<typeof keyListSchema>;

/** A key pair: base64 of SPKI and PKCS8. */
export interface KeyPair {
  publicKey: string;
  privateKey: string;
}

/** Why a version's signatures do not prove that the registry published it. */
export type SignatureProblem = 'unsigned' | 'unknown-key' | 'expired-key' | 'invalid';

/** A key of WebCrypto: neither Node nor workerd has a global type of that name. */
type WebKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The signed message for one artifact of a version. @param integrity its SRI sha512. */
export function signedMessage(name: string, version: string, integrity: string): string {
  return `${name}@${version}:${integrity}`;
}

/**
 * `SHA256:` and the unpadded base64 of the SHA-256 of a key's SPKI DER. The ids of the public npm registry look the same
 * but hash OpenSSH's form of the key; clients only compare ids.
 * @param key base64 of the SPKI.
 */
export async function keyIdOf(key: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytesOf(key));
  return `SHA256:${toBase64(new Uint8Array(digest)).replace(/=+$/, '')}`;
}

/** A key as it is listed. @param key base64 of the SPKI. @param expires see {@link PublicKey}. */
export async function listedKey(key: string, expires: string | null): Promise<PublicKey> {
  return { expires, keyid: await keyIdOf(key), keytype: KEY_TYPE, scheme: KEY_TYPE, key };
}

/** A new key pair. */
export async function makeKeyPair(): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const [spki, pkcs8] = await Promise.all([
    crypto.subtle.exportKey('spki', pair.publicKey),
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
  ]);
  return { publicKey: toBase64(new Uint8Array(spki)), privateKey: toBase64(new Uint8Array(pkcs8)) };
}

/** A key pair as it signs: its id, and the private half for WebCrypto. */
interface Signer {
  keyid: string;
  key: WebKey;
}

/** Of pairs that have signed before: to import and check one takes longer than to sign. Never promises, which belong to one request. */
const signers = new WeakMap<KeyPair, Signer>();

/**
 * Signs a message.
 * @throws {Error} if the two keys do not match: better no signature than one that nobody can verify.
 */
export async function signMessage(message: string, pair: KeyPair): Promise<Signature> {
  const signer = signers.get(pair) ?? (await checkedSigner(pair));
  signers.set(pair, signer);
  return { keyid: signer.keyid, sig: await sign(message, signer.key) };
}

async function checkedSigner({ publicKey, privateKey }: KeyPair): Promise<Signer> {
  const keyid = await keyIdOf(publicKey);
  const key = await crypto.subtle.importKey('pkcs8', bytesOf(privateKey), ALGORITHM, false, ['sign']);
  if (!(await verify(keyid, await sign(keyid, key), publicKey)))
    throw new Error(`The private key of ${keyid} belongs to another key`);
  return { keyid, key };
}

/** Base64 of the signature's DER. */
async function sign(message: string, key: WebKey): Promise<string> {
  const raw = await crypto.subtle.sign(ALGORITHM, key, new TextEncoder().encode(message));
  return toBase64(toDer(new Uint8Array(raw)));
}

/** True if `sig` (base64 of DER) is a signature of the message by the key (base64 of SPKI). False also for an invalid signature. */
export async function verify(message: string, sig: string, key: string): Promise<boolean> {
  try {
    const raw = fromDer(bytesOf(sig));
    if (raw === undefined) return false;
    const imported = await crypto.subtle.importKey('spki', bytesOf(key), ALGORITHM, false, ['verify']);
    return await crypto.subtle.verify(ALGORITHM, imported, raw, new TextEncoder().encode(message));
  } catch {
    // Not base64 or not a key of this curve, so it cannot have signed anything.
    return false;
  }
}

/**
 * Checks the signatures of one artifact as npm does: there must be at least one, each by a key of the registry that was in
 * use when the version was published.
 * @returns what is wrong, or undefined.
 */
export async function signatureProblem(
  message: string,
  signatures: readonly Signature[],
  keys: readonly PublicKey[],
  publishedAt: Date,
): Promise<SignatureProblem | undefined> {
  if (signatures.length === 0) return 'unsigned';
  for (const { keyid, sig } of signatures) {
    const key = keys.find((listed) => listed.keyid === keyid);
    if (key === undefined) return 'unknown-key';
    if (key.expires !== null && !(publishedAt.getTime() < Date.parse(key.expires))) return 'expired-key';
    if (!(await verify(message, sig, key.key))) return 'invalid';
  }
  return undefined;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
