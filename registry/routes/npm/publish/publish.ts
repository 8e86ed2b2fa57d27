// Owns `npm publish`: converting the tarball in the document to the .progy file that progy would have sent, and publishing that.

import { Drainable } from '@progy/protocol/bytes/drainable.ts';
import { Digester, digesting, TARBALL_HASHES, type TarballDigests } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { countingUpTo } from '@progy/protocol/course/course-files.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { tryParseVersion, type Version } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import { CLIENT_LIMITS, tooLargeForClients } from '@progy/protocol/tar/client-files.ts';
import {
  type ClientCourse,
  manifestMismatch,
  readClientTarball,
  scriptsExecutable,
} from '@progy/protocol/tar/client-tarball.ts';
import { writePackedFiles } from '@progy/protocol/zip/progy-file.ts';
import type { AppContext } from '../../../app-env.ts';
import type { Published } from '../../../domain/publish/commit-version.ts';
import { type PublishAttempt, roomToStore } from '../../../domain/publish/publish-attempt.ts';
import type { Claim } from '../../../domain/publish/publish-claim.ts';
import { publishVersion } from '../../../domain/publish/publish-version.ts';
import { sendReceipt } from '../../../http/publish-receipt.ts';
import { MAX_DOCUMENT_BYTES, type PackageDocument, type ReceiveAttachment } from '../package-document.ts';
import { checkTarball, type PublishRequest, parsePublishDocument } from './publish-document.ts';

/** Largest publish body in bytes: base64 turns three bytes into four. */
const MAX_BODY_BYTES = Math.ceil(CLIENT_LIMITS.tarballBytes / 3) * 4 + MAX_DOCUMENT_BYTES;
/** Clients that pack exec bits. Windows has none to pack, and yarn 4, which calls itself got, drops them; so does pnpm 10. */
const PACKS_MODES = /^(?:npm|pnpm|yarn|bun)\/(?!.*\bwin32\b)/i;
const TARBALL_END = '.tgz';
/** Paths that a notice names. */
const SHOWN_PATHS = 3;

/** A tarball that came, and the course in it. */
export interface Tarball {
  digests: TarballDigests;
  course: ClientCourse;
}

/** @throws {RegistryError} PAYLOAD_TOO_LARGE, before any of the body is read. */
export function checkBodyLength(c: AppContext): void {
  if ((announcedBytes(c) ?? 0) > MAX_BODY_BYTES) throw tarballTooLarge();
}

function announcedBytes(c: AppContext): number | undefined {
  const announced = c.req.header('content-length');
  return announced === undefined ? undefined : Number(announced);
}

/** The most bytes that the tarball of a publish can have. */
function mostBytes(c: AppContext): number {
  return Math.min(CLIENT_LIMITS.tarballBytes, Math.ceil((announcedBytes(c) ?? MAX_BODY_BYTES) * 0.75));
}

/** Bytes that a publish holds: its files, packed one by one, and what storing them takes. */
function roomFor(packedBytes: number): number {
  return packedBytes + roomToStore(packedBytes);
}

/** Takes the one tarball of a publish, once whoever sends it is let in. Nothing of it is stored yet. */
export function tarballReceiver(c: AppContext, attempt: PublishAttempt, name: PackageName): ReceiveAttachment<Tarball> {
  let received = 0;
  return async (attachment, bytes) => {
    checkAttachment(attachment);
    if (++received > 1) throw new RegistryError('INVALID_REQUEST', 'A publish has exactly one tarball');
    await attempt.letIn({ name, version: versionIn(attachment, name), force: false });
    const room = await attempt.makeRoom(roomFor(mostBytes(c)));
    return readTarball(room.watch(bytes), (packedBytes) => room.take(roomFor(packedBytes)));
  };
}

/** The version that an attachment is called by. All that is let in early is checked again once course.json has been read. */
function versionIn(attachment: string, { full, slug }: PackageName): Version | undefined {
  const start = [`${full}-`, `${slug}-`].find((prefix) => attachment.startsWith(prefix));
  return start === undefined ? undefined : tryParseVersion(attachment.slice(start.length, -TARBALL_END.length));
}

/** Provenance that is dropped in silence would look as if it were kept. */
function checkAttachment(attachment: string): void {
  if (attachment.endsWith(TARBALL_END)) return;
  const message = attachment.endsWith('.sigstore')
    ? 'This registry signs courses itself and does not store provenance. Publish with --no-provenance'
    : `The attachment "${quote(attachment)}" is not a tarball`;
  throw new RegistryError('INVALID_REQUEST', message, { attachment: quote(attachment) });
}

async function readTarball(bytes: AsyncIterable<Uint8Array>, holding: (packedBytes: number) => void): Promise<Tarball> {
  const digester = new Digester(nodePlatform, TARBALL_HASHES);
  const counted = countingUpTo(bytes, CLIENT_LIMITS.tarballBytes, tarballTooLarge);
  const source = new Drainable(digesting(counted, digester));
  const course = await readClientTarball(source, nodePlatform, holding);
  await source.drain();
  return { digests: digester.digest(), course };
}

function tarballTooLarge(): RegistryError {
  return tooLargeForClients('The tarball is too large', CLIENT_LIMITS.tarballBytes);
}

/**
 * Publishes what a document holds, by the same steps as a .progy file.
 * @throws {RegistryError} every code of the table that publishing can meet.
 */
export async function publishPackage(
  c: AppContext,
  { attempt, name }: { attempt: PublishAttempt; name: PackageName },
  { json, attachments }: PackageDocument<Tarball>,
): Promise<Response> {
  const request = parsePublishDocument(json, name);
  const [tarball] = attachments;
  if (tarball === undefined) throw new RegistryError('INVALID_REQUEST', 'A publish has exactly one tarball');
  checkTarball(request, name, tarball.digests);
  checkCourse(request, name, tarball.course);
  const course = packsModes(c, request) ? tarball.course : scriptsExecutable(tarball.course, nodePlatform);
  const published = await publish(attempt, claimOf(request, name, course), course);
  const notice = noticeOf(published, request, course);
  if (notice !== undefined) c.header('npm-notice', notice);
  return sendReceipt(c, published);
}

function packsModes(c: AppContext, { isGivenTarball }: PublishRequest): boolean {
  return !isGivenTarball && PACKS_MODES.test(c.req.header('user-agent') ?? '');
}

/** package.json was read by the client, and course.json is the truth. */
function checkCourse({ version, access }: PublishRequest, name: PackageName, { course }: ClientCourse): void {
  if (course.name.full !== name.full) throw manifestMismatch('name', name.full, course.name.full);
  if (course.version !== version) throw manifestMismatch('version', version, course.version);
  if (course.private && access === 'public') {
    const message = 'course.json says "private": true, so this cannot be published with --access public';
    throw new RegistryError('METADATA_MISMATCH', message, { field: 'access', found: access, expected: 'restricted' });
  }
}

function claimOf({ version, tag, access }: PublishRequest, name: PackageName, course: ClientCourse): Claim {
  let sizeBytes = 0;
  for (const piece of writePackedFiles(course.files)) sizeBytes += piece.length;
  return { name, version, tag, tree: course.tree, sizeBytes, restricted: access === 'restricted' };
}

function publish(attempt: PublishAttempt, claim: Claim, { files }: ClientCourse): Promise<Published> {
  const bytes = async function* () {
    yield* writePackedFiles(files);
  };
  return publishVersion(attempt, async (receive) => ({ upload: await receive(bytes(), claim), claim }));
}

/** What npm prints after a publish that did less than it may seem. */
function noticeOf(
  { already, course }: Published,
  { tag }: PublishRequest,
  { leftOut }: ClientCourse,
): string | undefined {
  const spec = `${course.name.full}@${course.version}`;
  const notices: string[] = [];
  if (already) notices.push(`${spec} was already published with the same content.`);
  if (already && tag !== undefined && tag !== 'latest')
    notices.push(`The tag ${tag} was not set. Set it with: npm dist-tag add ${spec} ${tag}`);
  if (leftOut.length > 0) notices.push(`Not part of the course: ${listOf(leftOut)}.`);
  // What a header may hold.
  return notices.length === 0 ? undefined : notices.join(' ').replace(/[^ -~]/g, '?');
}

function listOf(paths: readonly string[]): string {
  const shown = paths.slice(0, SHOWN_PATHS).map((path) => quote(path));
  return [...shown, ...(paths.length > SHOWN_PATHS ? [`${paths.length - SHOWN_PATHS} more`] : [])].join(', ');
}
