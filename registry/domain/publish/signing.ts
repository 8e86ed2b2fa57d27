// Owns signing versions as they are published, and the list of keys that verify them.
import type { Course } from '@progy/protocol/course/course.ts';
import {
  type KeyPair,
  listedKey,
  type PublicKey,
  type Signature,
  signedMessage,
  signMessage,
} from '@progy/protocol/wire/signature.ts';
import type { RegistryContext } from '../../context.ts';
import type { VersionRow } from '../../database/packages.ts';

/** The part of the context that signs. */
type Signer = Pick<RegistryContext, 'signingKeys' | 'now'>;

type SigningKey = ReturnType<Signer['signingKeys']>[number];

/** SRI sha512 of the two artifacts of a version. */
interface Integrities {
  tarball: string;
  progy: string;
}

/** Columns of a version that hold its signatures. */
export type VersionSignatures = Pick<VersionRow, 'signatureKeyid' | 'signature' | 'progySignature'>;

/** Signs both artifacts of a version with the newest key. Same errors as {@link currentKey}; {Error} if the two halves of the key do not match. */
export async function signVersion(
  signer: Signer,
  { name, version }: Pick<Course, 'name' | 'version'>,
  { tarball, progy }: Integrities,
): Promise<VersionSignatures> {
  const key = currentKey(signer);
  const [ofTarball, ofProgy] = await Promise.all([
    signMessage(signedMessage(name.full, version, tarball), key),
    signMessage(signedMessage(name.full, version, progy), key),
  ]);
  return { signatureKeyid: ofTarball.keyid, signature: ofTarball.sig, progySignature: ofProgy.sig };
}

/** Checks for a key before anything is stored. Same errors as {@link currentKey}. */
export function checkCanSign(signer: Signer): void {
  currentKey(signer);
}

/**
 * The key that signs new versions.
 * @throws {Error} without one: the operator's mistake, answered as 500 and logged. No version is published unsigned.
 */
export function currentKey(signer: Signer): KeyPair {
  const key = usableKey(signer);
  if (typeof key === 'string') throw new Error(`${key}, so nothing can be published`);
  return key;
}

/** The newest key, or what is wrong with it. */
function usableKey({ signingKeys, now }: Signer): KeyPair | string {
  const [newest] = signingKeys();
  if (newest === undefined || !hasPrivateKey(newest)) return 'SIGNING_KEYS holds no private key';
  const { expires } = newest;
  if (expires !== null && Date.parse(expires) <= now().getTime())
    return `The newest of SIGNING_KEYS expired at ${expires}`;
  return newest;
}

function hasPrivateKey(key: SigningKey): key is SigningKey & KeyPair {
  return key.privateKey !== undefined;
}

/**
 * Signatures of a tarball that is not published but comes with the registry; none while no key can sign, as reading goes on.
 * @param integrity its SRI sha512.
 */
export async function signShipped(
  signer: Signer,
  { name, version, integrity }: { name: string; version: string; integrity: string },
): Promise<Signature[]> {
  const key = usableKey(signer);
  return typeof key === 'string' ? [] : [await signMessage(signedMessage(name, version, integrity), key)];
}

/** All keys that signed a version, newest first; empty if the registry does not sign. @throws {Error} as `signingKeysOf`. */
export function listKeys({ signingKeys }: Signer): Promise<PublicKey[]> {
  return Promise.all(signingKeys().map(({ publicKey, expires }) => listedKey(publicKey, expires)));
}
