// Owns npm's packument: made once for each revision, and served while the row of its course has that revision.
import { gzipSync } from 'node:zlib';
import type { CourseManifest } from '@progy/protocol/course/course.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { abbreviatedPackument, fullPackument, type PackumentDetails } from '@progy/protocol/wire/packument.ts';
import type { RequestContext } from '../../context.ts';
import { type CourseRow, findPackument, type PackumentRows, revisionKey } from '../../database/read/documents.ts';
import type { DocumentForm } from '../../database/read/manifest-json.ts';
import { visible } from '../rights/visible-package.ts';
import { revOf } from '../versions/revision.ts';
import { type Document, type Encoding, etagsOf, revisionIn } from './document.ts';
import type { ReadyPackument } from './read-memory.ts';

/** The packument that is wanted. */
export interface PackumentWish {
  form: DocumentForm;
  /** Not asked for if the client's copy is current: finding out takes as long as the rest. */
  readonly encoding: Encoding;
  /** ETags of the client's copies. */
  held: readonly string[];
}

/** @throws {RegistryError} PACKAGE_NOT_FOUND. */
export async function readPackument(
  context: RequestContext,
  name: PackageName,
  wish: PackumentWish,
): Promise<Document> {
  const { memory, settings } = context;
  const clientHolds = revisionIn(wish.held, settings, wish.form);
  const row = memory.courses.get(name.full, context.now());
  if (row !== undefined && revisionKey(row) === clientHolds)
    return toDocument(context, row, { form: wish.form, encoding: 'identity' }, undefined);
  const key = `${name.full} ${wish.form} ${wish.encoding}`;
  const ready = memory.packuments.get(key);
  if (row !== undefined && revisionKey(row) === ready?.revision) return toDocument(context, row, wish, ready);
  const found = await find(context, name, wish.form, [ready?.revision, clientHolds]);
  if (found.isHeld) return toDocument(context, found.package, wish, ready);
  const made = make(name, found.package, found.rows, wish);
  memory.packuments.set(key, made);
  return toDocument(context, found.package, wish, made);
}

/** The bytes of the current full packument, for a client that is about to change it. @throws {RegistryError} PACKAGE_NOT_FOUND. */
export async function readPackumentToChange(context: RequestContext, name: PackageName): Promise<Uint8Array> {
  const { package: row, rows } = await find(context, name, 'full', []);
  return make(name, row, rows, { form: 'full', encoding: 'identity' }).bytes;
}

async function find(
  context: RequestContext,
  name: PackageName,
  form: DocumentForm,
  held: readonly (string | undefined)[],
) {
  const { db, memory, settings } = context;
  const remember = memory.courses.asking(context.now());
  const found = await visible(context, await findPackument(db, { name, form, origin: settings.origin, held }), name);
  if (found.package.isPublic) remember(name.full, found.package);
  return found;
}

/** If the ready packument is not of the row's revision, it is not sent: the client's own copy is current. */
function toDocument(
  { settings }: RequestContext,
  row: CourseRow,
  { form, encoding }: Pick<PackumentWish, 'form' | 'encoding'>,
  ready: ReadyPackument | undefined,
): Document {
  const revision = revisionKey(row);
  const bytes = ready?.revision === revision ? ready.bytes : undefined;
  return { bytes, encoding, etags: etagsOf(settings, revision, form, encoding), isPublic: row.isPublic };
}

function make(
  name: PackageName,
  row: CourseRow,
  rows: PackumentRows,
  { form, encoding }: Pick<PackumentWish, 'form' | 'encoding'>,
): ReadyPackument {
  const { createdAt, updatedAt } = row;
  const parts = { name, rev: revOf(row), createdAt, updatedAt, distTags: rows.distTags, versions: rows.manifests };
  const json = form === 'full' ? fullPackument(parts, detailsOf(row, rows)) : abbreviatedPackument(parts);
  const bytes = new TextEncoder().encode(json);
  return { revision: revisionKey(row), bytes: encoding === 'gzip' ? gzipped(bytes) : bytes };
}

/** In a buffer of exactly its size: zlib returns part of a larger one. */
function gzipped(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}

function detailsOf({ latestVersion, description }: CourseRow, rows: PackumentRows): PackumentDetails {
  const latest = rows.manifests.find(({ version }) => version === latestVersion);
  const { license, keywords }: Partial<CourseManifest> = latest ? JSON.parse(latest.manifest) : {};
  return { description, readme: rows.readme, maintainers: rows.maintainers, license, keywords };
}
