// Owns parsing the document of `npm publish`, in the dialects of npm, pnpm, yarn and bun: strict about what names a version, ignoring the rest.

import type { TarballDigests } from '@progy/protocol/bytes/integrity.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { parseDistTag, parseVersion, type Version } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { MOST_OF_PROBLEMS, quote, quoteJson } from '@progy/protocol/quote.ts';
import { z } from 'zod';

const distSchema = z.looseObject({ integrity: z.string().nullish(), shasum: z.string().nullish() });

const documentSchema = z.looseObject({
  _id: z.string().nullish(),
  name: z.string(),
  access: z.enum(['public', 'restricted']).nullish(),
  'dist-tags': z.record(z.string(), z.string()).nullish(),
  versions: z.record(z.string(), z.looseObject({ name: z.string(), version: z.string(), dist: distSchema.nullish() })),
  _attachments: z.record(z.string(), z.looseObject({ data: z.literal(''), length: z.number().nullish() })),
});

/** A publish as a client requests it. Only course.json decides the course's name and everything else about it. */
export interface PublishRequest {
  version: Version;
  /** Undefined where the client names none. npm names `latest` when nobody chose a tag. */
  tag: string | undefined;
  /** Undefined where nobody chose, except with yarn 4: it says restricted then. */
  access: 'public' | 'restricted' | undefined;
  attachment: string;
  /** npm was given a tarball that another program had packed, as pnpm 10 does. */
  isGivenTarball: boolean;
  /** What the client says about the tarball's bytes. */
  said: { integrity?: string | null; shasum?: string | null; size?: number | null };
}

/**
 * Reads the document. Ignores the client's `dist.tarball` and the rest of its manifest.
 * @param name the name in the address.
 * @throws {RegistryError} INVALID_REQUEST, METADATA_MISMATCH, INVALID_VERSION, INVALID_TAG.
 */
export function parsePublishDocument(json: unknown, name: PackageName): PublishRequest {
  const result = documentSchema.safeParse(json);
  if (!result.success) throw invalid(quote(z.prettifyError(result.error).replaceAll('\n', ' '), MOST_OF_PROBLEMS));
  const { _id, name: said, access, versions, _attachments, ...rest } = result.data;
  const [version, manifest] = onlyOf(versions, 'version');
  const [attachment, { length }] = onlyOf(_attachments, 'attachment');
  checkSame('name', _id ?? said, name.full);
  checkSame('name', said, name.full);
  checkSame('name', manifest.name, name.full);
  checkSame('version', manifest.version, version);
  return {
    version: parseVersion(version),
    tag: tagOf(rest['dist-tags'] ?? {}, version),
    access: access ?? undefined,
    attachment,
    isGivenTarball: manifest._from !== undefined,
    said: { ...manifest.dist, size: length },
  };
}

/**
 * Compares what the client says of its tarball with the bytes that came.
 * @throws {RegistryError} METADATA_MISMATCH.
 */
export function checkTarball(
  { attachment, version, said }: PublishRequest,
  name: PackageName,
  found: TarballDigests,
): void {
  if (attachment !== `${name.slug}-${version}.tgz`) checkSame('attachment', attachment, `${name.full}-${version}.tgz`);
  for (const field of ['integrity', 'shasum', 'size'] as const) {
    if (said[field] != null) checkSame(field, said[field], found[field]);
  }
}

function onlyOf<T>(record: Record<string, T>, what: string): [string, T] {
  const [first, second] = Object.entries(record);
  if (first === undefined || second !== undefined) throw invalid(`a publish has exactly one ${what}`);
  return first;
}

function tagOf(tags: Record<string, string>, version: string): string | undefined {
  const [tag, second] = Object.entries(tags);
  if (second !== undefined) throw invalid('a publish sets at most one dist-tag');
  if (tag === undefined) return undefined;
  checkSame('version', tag[1], version);
  return parseDistTag(tag[0]);
}

function checkSame(field: string, found: unknown, expected: unknown): void {
  if (found === expected) return;
  const message = `The request says ${field} ${quoteJson(found)}, but it is ${quoteJson(expected)}`;
  throw new RegistryError('METADATA_MISMATCH', message, { field, found, expected });
}

function invalid(problem: string): RegistryError {
  return new RegistryError('INVALID_REQUEST', `The document is not a valid npm publish: ${problem}`);
}
