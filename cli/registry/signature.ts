// Owns the proof that a registry published a version: its signature, checked with the keys that it lists.
import {
  type PublicKey,
  type SignatureProblem,
  signatureProblem,
  signedMessage,
} from '@progy/protocol/wire/signature.ts';
import { CliError } from '../cli-error.ts';
import type { ResolvedCourse } from './source.ts';

/** Which key signed a version. */
export interface CheckedSignature {
  readonly keyid: string;
}

/**
 * Checks the signature over name, version and integrity of a course. The download's bytes are checked against the integrity.
 * @param registry its address, for sentences.
 * @returns undefined where the registry lists no keys: it does not sign, so there is nothing to check.
 * @throws {CliError} SIGNATURE for a course that a registry with keys did not sign like this.
 */
export async function checkSignature(
  course: ResolvedCourse,
  keys: readonly PublicKey[],
  registry: string,
): Promise<CheckedSignature | undefined> {
  if (keys.length === 0) return undefined;
  const { name, version, integrity, signatures, publishedAt } = course;
  const problem = await signatureProblem(signedMessage(name, version, integrity), signatures, keys, publishedAt);
  if (problem !== undefined) throw new CliError('SIGNATURE', SENTENCES[problem](`${name} ${version}`, registry));
  return { keyid: signatures[0]?.keyid ?? '' };
}

const SENTENCES: Record<SignatureProblem, (course: string, registry: string) => string> = {
  unsigned: (course, registry) => `${course} has no signature, but ${registry} signs what it publishes`,
  'unknown-key': (course, registry) => `${course} is signed with a key that is not one of ${registry}`,
  'expired-key': (course, registry) => `${course} is signed with a key of ${registry} that had expired before`,
  invalid: (course) => `The signature of ${course} was made for something else`,
};
