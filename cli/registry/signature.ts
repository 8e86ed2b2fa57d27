// Owns proving that a registry published a version, by checking its signature with the keys that the registry lists.
import {
  type PublicKey,
  type SignatureProblem,
  signatureProblem,
  signedMessage,
} from '@progy/protocol/wire/signature.ts';
import { CliError } from '../cli-error.ts';
import type { ResolvedCourse } from './resolved-course.ts';

/** Which key signed a version. */
export interface CheckedSignature {
  readonly keyid: string;
}

/**
 * Checks the signature over name, version and integrity of a course. The download's bytes are checked against the integrity.
 * @param registry its address, for sentences.
 * @returns undefined if the registry lists no keys: it does not sign, so there is nothing to check.
 * @throws {CliError} SIGNATURE if the registry lists keys but did not sign exactly this course.
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
  'unknown-key': (course, registry) => `${course} is signed with a key that does not belong to ${registry}`,
  'expired-key': (course, registry) => `${course} is signed with a key of ${registry} that had already expired`,
  invalid: (course) => `The signature of ${course} does not match the course`,
};
