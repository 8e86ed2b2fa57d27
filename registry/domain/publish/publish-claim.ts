// Owns a publisher's claims about an upload before the registry has read it: the form's metadata.
import type { Course } from '@progy/protocol/course/course.ts';
import { type PackageName, parsePackageName } from '@progy/protocol/course/package-name.ts';
import { isPrerelease, parseDistTag, parseVersion, type Version } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { MOST_OF_PROBLEMS, quote, quoteJson } from '@progy/protocol/quote.ts';
import { publishMetadataSchema } from '@progy/protocol/wire/publish.ts';
import * as z from 'zod';

/** Metadata of an upload. Names and versions are valid; only course.json shows whether they are true. */
export interface Claim {
  readonly name?: PackageName;
  readonly version?: Version;
  readonly description?: string;
  readonly private?: boolean;
  /** npm's `--access restricted`: only those with a right to read the course may see it. */
  readonly restricted?: boolean;
  readonly changelog?: string;
  readonly tag?: string;
  /** Hex sha256 of the file. */
  readonly checksum?: string;
  /** Bytes of the file: allows storing it in one piece while it arrives. */
  readonly sizeBytes?: number;
  /** An admin publishes without the right to, or past the hourly quota. */
  readonly force?: boolean;
  /** Tree hash of the course: allows refusing a repeated version before the upload. */
  readonly tree?: string;
}

/**
 * Reads the `metadata` part of the form.
 * @throws {RegistryError} INVALID_REQUEST if it is not a JSON object of the right types; INVALID_NAME; INVALID_VERSION; INVALID_TAG.
 */
export function parseClaim(json: string): Claim {
  const result = publishMetadataSchema.safeParse(parseJson(json));
  if (!result.success) throw invalidMetadata(z.prettifyError(result.error).replaceAll('\n', ' '));
  const { name, version, tag, description, changelog, checksum, tree, sizeBytes } = result.data;
  return {
    name: name == null ? undefined : parsePackageName(name),
    version: version == null ? undefined : parseVersion(version),
    tag: tag == null ? undefined : parseDistTag(tag),
    private: result.data.private ?? undefined,
    force: result.data.force ?? undefined,
    description: description ?? undefined,
    changelog: changelog ?? undefined,
    checksum: checksum ?? undefined,
    tree: tree ?? undefined,
    sizeBytes: sizeBytes ?? undefined,
  };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw invalidMetadata((error as Error).message);
  }
}

function invalidMetadata(problem: string): RegistryError {
  return new RegistryError('INVALID_REQUEST', `The metadata part is not valid: ${quote(problem, MOST_OF_PROBLEMS)}`, {
    part: 'metadata',
  });
}

/**
 * Compares the claim with what the file contains.
 * @param checksum hex sha256 of the stored bytes.
 * @throws {RegistryError} METADATA_MISMATCH with `field`, `found` (the claim) and `expected` (course.json).
 */
export function checkClaim(claim: Claim, course: Course, checksum: string): void {
  const truths: [keyof Claim, unknown, unknown][] = [
    ['name', claim.name?.full, course.name.full],
    ['version', claim.version, course.version],
    ['description', claim.description || undefined, course.fields.description],
    ['private', claim.private, course.private],
    ['checksum', claim.checksum, checksum],
  ];
  for (const [field, found, expected] of truths) {
    if (found !== undefined && found !== expected) throw mismatch(field, found, expected);
  }
}

/**
 * Passes a file's bytes through, up to the claimed size.
 * @throws {RegistryError} METADATA_MISMATCH.
 */
export async function* ofSize(bytes: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncIterable<Uint8Array> {
  let seen = 0;
  for await (const chunk of bytes) {
    seen += chunk.length;
    if (seen > sizeBytes) throw mismatch('sizeBytes', sizeBytes, `more than ${sizeBytes}`);
    yield chunk;
  }
  if (seen < sizeBytes) throw mismatch('sizeBytes', sizeBytes, seen);
}

function mismatch(field: string, found: unknown, expected: unknown): RegistryError {
  const where = field === 'checksum' || field === 'sizeBytes' ? 'the file' : 'course.json';
  const message = `The metadata says ${field} ${quoteJson(found)}, ${where} says ${quoteJson(expected)}`;
  return new RegistryError('METADATA_MISMATCH', message, { field, found, expected });
}

/**
 * The dist-tag for a version, or undefined for `latest` by its rule.
 * @throws {RegistryError} TAG_REQUIRED for a prerelease without a tag of its own: it must not become the version that everybody installs.
 */
export function tagFor(version: Version, tag: string | undefined): string | undefined {
  if (isPrerelease(version) && (tag === undefined || tag === 'latest')) {
    const message = `The prerelease ${version} needs a tag other than latest, as in: npm publish --tag beta, or: progy publish --tag beta`;
    throw new RegistryError('TAG_REQUIRED', message, { version });
  }
  return tag === 'latest' ? undefined : tag;
}
