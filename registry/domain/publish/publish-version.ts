// Owns publishing: the outline from an uploaded file to a version that everybody can install.

import { digestsOf } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { type Course, courseManifest } from '@progy/protocol/course/course.ts';
import { type Outline, OutlineReader } from '@progy/protocol/course/outline.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { hashFiles, treeHash } from '@progy/protocol/course/tree-hash.ts';
import { latestRank } from '@progy/protocol/course/version.ts';
import { type TarballContents, writeTarball } from '@progy/protocol/tar/tarball.ts';
import { openProgyFile, type ProgyFile, readCourse } from '@progy/protocol/zip/progy-file.ts';
import type { SignedInContext } from '../../context.ts';
import { findVersionEver } from '../../database/packages.ts';
import type { PublishRecord } from '../../database/publish/insert-version.ts';
import { checkMayForce, checkRight } from '../rights/rights-on-course.ts';
import { checkQuota, checkSame, commit, type Published, repeated } from './commit-version.ts';
import { PublishAttempt, type StoredArtifact } from './publish-attempt.ts';
import { type Claim, checkClaim, tagFor } from './publish-claim.ts';
import { mustRestrict } from './publish-visibility.ts';
import { checkCanSign, signVersion, type VersionSignatures } from './signing.ts';

/** npm shows at most this much of a README. */
const README_CHARACTERS = 64 * 1024;
const README_MAX_BYTES = 1024 * 1024;

/** Takes the file's bytes as they arrive, with the metadata if it came first. */
export type Receive = (bytes: AsyncIterable<Uint8Array>, claim: Claim) => Promise<StoredArtifact>;

/** Reads the publisher's form: hands the file to `receive`, answers with what that returned and the metadata. */
export type ReadForm = (receive: Receive) => Promise<{ upload: StoredArtifact; claim: Claim }>;

/**
 * Publishes an upload: bytes first, rows second. Until the last step nothing is visible, and whatever fails leaves nothing.
 * The same content again is fine (clients retry); other content for a version that exists is refused.
 * @throws {RegistryError} every code of the table that publishing can meet.
 */
export async function publishVersion(context: SignedInContext, readForm: ReadForm): Promise<Published> {
  const attempt = new PublishAttempt(context);
  try {
    const { upload, claim } = await readForm((bytes, early) => receiveUpload(attempt, bytes, early));
    const file = await openUpload(context, upload);
    const course = await readCourse(file);
    checkClaim(claim, course, upload.checksum);
    await checkMayPublish(context, course.name, claim);
    const published = await publishCourse(attempt, { upload, claim, file, course });
    if (published.already) await attempt.discard();
    return published;
  } catch (error) {
    await attempt.discard();
    throw error;
  }
}

/** Refuses what can be refused before 100 MB travel, then stores the file. */
async function receiveUpload(
  attempt: PublishAttempt,
  bytes: AsyncIterable<Uint8Array>,
  claim: Claim,
): Promise<StoredArtifact> {
  const { context } = attempt;
  checkCanSign(context);
  const { name, version, tree } = claim;
  if (name) await checkMayPublish(context, name, claim);
  if (version) tagFor(version, claim.tag);
  const before = name && version && (await findVersionEver(context.db, name, version));
  if (before && tree !== undefined) checkSame(before, tree);
  if (!before && !claim.force) await checkQuota(context);
  return attempt.storeUpload(bytes, claim);
}

/** An admin who forces it may publish to every scope that somebody holds; everybody else needs the right to. */
async function checkMayPublish(context: SignedInContext, name: PackageName, { force }: Claim): Promise<void> {
  if (force) await checkMayForce(context, name);
  else await checkRight(context, name, 'write');
}

async function openUpload({ artifacts }: SignedInContext, upload: StoredArtifact): Promise<ProgyFile> {
  return openProgyFile(await artifacts.source(upload.key, upload.size), nodePlatform);
}

interface CheckedUpload {
  upload: StoredArtifact;
  claim: Claim;
  file: ProgyFile;
  course: Course;
}

async function publishCourse(attempt: PublishAttempt, checked: CheckedUpload): Promise<Published> {
  const { context } = attempt;
  const { course, file, claim } = checked;
  const tag = tagFor(course.version, claim.tag);
  const restrict = await mustRestrict(context, course, claim);
  const before = await findVersionEver(context.db, course.name, course.version);
  if (before) return repeated(before, course, await treeOf(file));
  const upload = await attempt.settleUpload(checked.upload, course.name, course.version);
  const settled = upload.key === checked.upload.key ? file : await openUpload(context, upload);
  const tarball = await deriveTarball(attempt, course, settled);
  const signatures = await signVersion(context, course, { tarball: tarball.stored.integrity, progy: upload.integrity });
  const row = await versionRow(context, { ...checked, upload, file: settled }, tarball, signatures);
  return commit(attempt, course, row, { tag, restrict, force: claim.force === true });
}

/**
 * The npm tarball of a course, stored once and for ever: lockfiles pin its bytes. It is written twice, first only to learn
 * its length and hashes: then the whole course is known to be sound before more is stored, and R2 gets one object of
 * known length instead of parts, and checks its hash.
 */
async function deriveTarball(attempt: PublishAttempt, course: Course, file: ProgyFile): Promise<DerivedTarball> {
  const reader = new OutlineReader(course);
  const measured = writeTarball(course, reader.watch(file.files()), nodePlatform);
  const digests = await digestsOf(measured.bytes, nodePlatform);
  const written = writeTarball(course, file.files(), nodePlatform);
  const stored = await attempt.storeTarball(written.bytes, digests, course.name, course.version);
  return { stored, contents: measured.contents(), outline: reader.outline() };
}

interface DerivedTarball {
  stored: StoredArtifact;
  contents: TarballContents;
  outline: Outline | undefined;
}

type Row = PublishRecord['version'];

async function versionRow(
  { actor, now }: SignedInContext,
  { upload, claim, file, course }: CheckedUpload,
  { stored, contents, outline }: DerivedTarball,
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
    tarballKey: stored.key,
    tarballSize: stored.size,
    tarballIntegrity: stored.integrity,
    shasum: stored.shasum,
    fileCount: contents.fileCount,
    unpackedSize: contents.unpackedSize,
    tree: contents.tree,
    ...signatures,
    manifest: JSON.stringify(courseManifest(course)),
    readme: await readReadme(file),
    outline: outline ? JSON.stringify(outline) : null,
    changelog: claim.changelog ?? null,
    publisherId: actor.id,
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
