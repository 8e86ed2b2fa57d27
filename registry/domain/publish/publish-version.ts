// Owns publishing: the steps from an uploaded file to a version that everybody can install.

import { Digester, digesting, TARBALL_HASHES, type TarballDigests } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { type Course, courseManifest } from '@progy/protocol/course/course.ts';
import { type Outline, OutlineReader } from '@progy/protocol/course/outline.ts';
import { hashFiles, treeHash } from '@progy/protocol/course/tree-hash.ts';
import { latestRank } from '@progy/protocol/course/version.ts';
import { type TarballContents, writeTarball } from '@progy/protocol/tar/tarball.ts';
import { openProgyFile, type ProgyFile, readCourse } from '@progy/protocol/zip/progy-file.ts';
import type { SignedInContext } from '../../context.ts';
import type { PublishRecord } from '../../database/publish/insert-version.ts';
import { checkSame, commit, type Published, repeated } from './commit-version.ts';
import { type Artifact, PublishAttempt, type Upload } from './publish-attempt.ts';
import { type Claim, checkClaim, tagFor } from './publish-claim.ts';
import { mustRestrict } from './publish-visibility.ts';
import { checkCanSign, signVersion, type VersionSignatures } from './signing.ts';

/** npm shows no more than this of a README. */
const README_CHARACTERS = 64 * 1024;
const README_MAX_BYTES = 1024 * 1024;

/** Takes the file's bytes as they arrive, with the metadata if it came first. */
export type Receive = (bytes: AsyncIterable<Uint8Array>, claim: Claim) => Promise<Upload>;

/** Reads the publisher's form: passes the file to `receive`, and returns its result and the metadata. */
export type ReadForm = (receive: Receive) => Promise<{ upload: Upload; claim: Claim }>;

/**
 * Runs a publish attempt. A failure leaves nothing behind.
 * @throws whatever `work` throws.
 */
export async function attempting<T>(
  context: SignedInContext,
  work: (attempt: PublishAttempt) => Promise<T>,
): Promise<T> {
  const attempt = new PublishAttempt(context);
  try {
    return await work(attempt);
  } catch (error) {
    await attempt.discard();
    throw error;
  } finally {
    attempt.end();
  }
}

/**
 * Publishes an upload: bytes first, rows second. Until the last step nothing is visible, and a failure leaves nothing behind.
 * Publishing the same content again succeeds (clients retry); different content for an existing version is refused.
 *
 * A small course takes three steps after its publisher is known, and may die after each: (1) one batch checks everything
 * that it can be refused for, and notes the keys of both artifacts: dying here leaves a note whose objects do not exist;
 * (2) both artifacts are stored in parallel, each with its hash: dying here leaves objects that the note names, for the
 * sweep; (3) one batch writes the version and deletes the note, all or nothing, and if its answer is lost, `discard` and
 * a retry both read the rows. A large course is stored while it arrives, as the start of (2).
 * @throws {RegistryError} every code of the table that publishing can cause.
 */
export async function publishVersion(attempt: PublishAttempt, readForm: ReadForm): Promise<Published> {
  const { upload, claim } = await readForm((bytes, early) => receiveUpload(attempt, bytes, early));
  const file = await openProgyFile(upload.source, nodePlatform);
  const course = await readCourse(file);
  checkClaim(claim, course, upload.checksum);
  const published = await publishCourse(attempt, { upload, claim, file, course });
  if (published.already) await attempt.discard();
  return published;
}

/** Refuses what can be refused before an upload of 100 MB, then takes the file. */
async function receiveUpload(attempt: PublishAttempt, bytes: AsyncIterable<Uint8Array>, claim: Claim): Promise<Upload> {
  const { name, version, tree } = claim;
  checkCanSign(attempt.context);
  const admission = name && (await attempt.letIn({ name, version, force: claim.force === true }));
  if (version) tagFor(version, claim.tag);
  if (admission?.before && tree !== undefined) checkSame(admission.before, tree);
  return attempt.receive(bytes, claim);
}

interface CheckedUpload {
  upload: Upload;
  claim: Claim;
  file: ProgyFile;
  course: Course;
}

async function publishCourse(attempt: PublishAttempt, checked: CheckedUpload): Promise<Published> {
  const { course, file, claim } = checked;
  const { name, version } = course;
  const force = claim.force === true;
  const { before, isPublic } = await attempt.letIn({ name, version, force });
  const tag = tagFor(version, claim.tag);
  const restrict = mustRestrict(course, claim, isPublic);
  if (before) return repeated(before, course, await treeOf(file));
  const row = await storeArtifacts(attempt, await settled(attempt, checked));
  return commit(attempt, course, row, { tag, restrict, force });
}

/** The upload at its final key: a large one may have waited in staging. */
async function settled(attempt: PublishAttempt, checked: CheckedUpload): Promise<CheckedUpload> {
  const upload = await attempt.settle(checked.upload, checked.course.name, checked.course.version);
  if (upload.source === checked.upload.source) return { ...checked, upload };
  return { ...checked, upload, file: await openProgyFile(upload.source, nodePlatform) };
}

/** Stores both artifacts, and returns the row that will name them. */
async function storeArtifacts(attempt: PublishAttempt, checked: CheckedUpload): Promise<Row> {
  const { context } = attempt;
  const tarball = await deriveTarball(attempt, checked);
  await attempt.storeHeld(checked.upload, tarball);
  const integrities = { tarball: tarball.integrity, progy: checked.upload.integrity };
  return versionRow(context, checked, tarball, await signVersion(context, checked.course, integrities));
}

/**
 * The npm tarball of a course, which never changes: lockfiles pin its bytes. It is written once, and stored as it is
 * written; the object exists only once all of it is written and the whole course is known to be valid.
 */
async function deriveTarball(attempt: PublishAttempt, { course, file }: CheckedUpload): Promise<DerivedTarball> {
  const reader = new OutlineReader(course);
  const written = writeTarball(course, reader.watch(file.files()), nodePlatform);
  const digester = new Digester(nodePlatform, TARBALL_HASHES);
  const stored = await attempt.storeTarball(digesting(written.bytes, digester), course.name, course.version);
  return { ...stored, ...digester.digest(), contents: written.contents(), outline: reader.outline() };
}

interface DerivedTarball extends TarballDigests, Artifact {
  contents: TarballContents;
  outline: Outline | undefined;
}

type Row = PublishRecord['version'];

async function versionRow(
  { now }: SignedInContext,
  { upload, claim, file, course }: CheckedUpload,
  { contents, outline, ...tarball }: DerivedTarball,
  signatures: VersionSignatures,
): Promise<Row> {
  return {
    id: crypto.randomUUID(),
    version: course.version,
    latestRank: latestRank(course.version),
    storageKey: upload.key,
    sizeBytes: upload.size,
    checksum: upload.checksum,
    integrity: upload.integrity,
    tarballKey: tarball.key,
    tarballSize: tarball.size,
    tarballIntegrity: tarball.integrity,
    shasum: tarball.shasum,
    fileCount: contents.fileCount,
    unpackedSize: contents.unpackedSize,
    tree: contents.tree,
    ...signatures,
    manifest: JSON.stringify(courseManifest(course)),
    readme: await readReadme(file),
    outline: outline ? JSON.stringify(outline) : null,
    changelog: claim.changelog ?? null,
    createdAt: now(),
  };
}

async function readReadme(file: ProgyFile): Promise<string | null> {
  const entry = file.entries.find(({ path }) => path.toLowerCase() === 'readme.md');
  if (entry === undefined || entry.size > README_MAX_BYTES) return null;
  const bytes = await file.readFile(entry.path, README_MAX_BYTES);
  return new TextDecoder().decode(bytes).slice(0, README_CHARACTERS);
}

async function treeOf(file: ProgyFile): Promise<string> {
  return treeHash(await hashFiles(file.files(), nodePlatform), nodePlatform);
}
