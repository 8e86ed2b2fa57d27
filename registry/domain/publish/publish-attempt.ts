// Owns the objects of one publish while it runs: noted before they are written, discarded if it fails.

import { concatenated, holdStart, joined } from '@progy/protocol/bytes/blocks.ts';
import { Digester, digesting, PROGY_HASHES, type ProgyDigests } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { countingUpTo } from '@progy/protocol/course/course-files.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import { type ArtifactSource, bytesSource } from '@progy/protocol/zip/progy-file.ts';
import type { SignedInContext } from '../../context.ts';
import { noteAttempt } from '../../database/publish/admission.ts';
import { forgetAttempt, isNamed } from '../../database/publish/insert-version.ts';
import { type ArtifactKind, artifactKey, stagingKey } from '../../storage/artifact-key.ts';
import { STORING_BYTES } from '../../storage/store-artifact.ts';
import { type Admission, checkAdmission, type Entrant, findAdmission, letInUnnamed } from './admission.ts';
import { type Claim, ofSize } from './publish-claim.ts';
import type { Room } from './upload-budget.ts';

/** A file up to this size stays in memory until it is stored together with its tarball. */
const HELD_BYTES = 2 * 1024 * 1024;

/** What is held beside a small file and its tarball: lists of files, and what is deflated. */
const SMALL_BYTES = 1024 * 1024;

const KINDS = ['progy', 'tarball'] as const;

/** An object that a version will name. */
export interface Artifact {
  key: string;
  /** All of its bytes until it is stored; undefined afterwards. */
  held: Uint8Array | undefined;
  /** SRI sha512. */
  integrity: string;
}

/** An uploaded `.progy` file. */
export interface Upload extends ProgyDigests, Artifact {
  source: ArtifactSource;
}

/** One attempt to publish. Its id is part of every key it writes. */
export class PublishAttempt {
  readonly id = crypto.randomUUID();
  readonly context: SignedInContext;
  #keys: readonly string[] = [];
  #hasWritten = false;
  #admission: Admission | undefined;
  #room: Room | undefined;

  /** @param context of the publisher. */
  constructor(context: SignedInContext) {
    this.context = context;
  }

  /** Admits a version, and notes its keys; checks each version once. Same errors as {@link checkAdmission}. */
  async letIn(entrant: Entrant): Promise<Admission> {
    const earlier = this.#admissionFor(entrant);
    if (earlier !== undefined) return earlier;
    const stored = this.#keys;
    // Until the answer comes, it is unknown whether they are noted.
    this.#keys = [...stored, ...this.#placesOf(entrant)];
    const admission = await findAdmission(this.context, entrant, { id: this.id, keys: this.#keys });
    if (!admission.isNoted) this.#keys = stored;
    checkAdmission(this.context, admission);
    this.#admission = admission;
    return admission;
  }

  /** Waits until the isolate has room for what this publish holds. @throws {RegistryError} UNAVAILABLE. */
  async makeRoom(bytes: number): Promise<Room> {
    this.#room ??= await this.context.uploads.room(bytes);
    this.#room.take(bytes);
    return this.#room;
  }

  /** Gives back the room. */
  end(): void {
    this.#room?.end();
  }

  /**
   * Takes the uploaded `.progy` file, once it is admitted. A large one is stored as it arrives: at its final key if name
   * and version are known, else in staging.
   * @throws {RegistryError} PAYLOAD_TOO_LARGE, METADATA_MISMATCH (not the claimed size), R2_UPLOAD_FAILED, UNAVAILABLE;
   *   RATE_LIMITED for a large one that is not admitted yet.
   */
  async receive(bytes: AsyncIterable<Uint8Array>, claim: Claim): Promise<Upload> {
    const { sizeBytes } = claim;
    const key = this.#placeFor(claim) ?? stagingKey(this.id);
    const room = await this.makeRoom(roomToStore(sizeBytes));
    const counted = countingUpTo(room.watch(bytes));
    const digester = new Digester(nodePlatform, PROGY_HASHES);
    const checked = digesting(sizeBytes === undefined ? counted : ofSize(counted, sizeBytes), digester);
    const held = await this.#holdOrStore(key, checked, claim);
    const digests = digester.digest();
    const source = held ? bytesSource(held) : this.context.artifacts.source(key, digests.size);
    return { ...digests, key, held, source };
  }

  /** Moves an upload to its final key, once course.json has named it and it is admitted under that name. */
  async settle(upload: Upload, name: PackageName, version: Version): Promise<Upload> {
    const key = this.#keyOf('progy', name, version);
    if (upload.key === key) return upload;
    if (upload.held) return { ...upload, key };
    const { artifacts } = this.context;
    await artifacts.move(upload.key, key);
    return { ...upload, key, source: artifacts.source(key, upload.size) };
  }

  /**
   * Stores the derived tarball as it is written, in parts that stay invisible until the last; holds a small one in memory.
   * @returns its key, and the bytes that are not stored yet.
   */
  async storeTarball(
    bytes: AsyncIterable<Uint8Array>,
    name: PackageName,
    version: Version,
  ): Promise<Pick<Artifact, 'key' | 'held'>> {
    const key = this.#keyOf('tarball', name, version);
    this.#hasWritten = true;
    return { key, held: await this.context.artifacts.storeInParts(key, bytes) };
  }

  /** Stores what is still in memory, in parallel. Ends only when all writes have: a running write cannot be discarded. */
  async storeHeld(...artifacts: readonly Artifact[]): Promise<void> {
    this.#hasWritten = true;
    const puts = artifacts.map(async ({ key, held, integrity }) => {
      if (held) await this.context.artifacts.put(key, held, integrity);
    });
    const failed = (await Promise.allSettled(puts)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  /**
   * Deletes what the attempt wrote, unless a version names it: if D1 failed during the commit, the outcome is unknown.
   * Never throws; the sweep deletes what is left.
   */
  async discard(): Promise<void> {
    if (this.#keys.length === 0) return;
    try {
      const { db } = this.context;
      if (this.#hasWritten && !(await this.#deleteUnnamed())) return;
      await forgetAttempt(db, this.id);
    } catch (error) {
      console.error(`publish attempt ${this.id} is left to the sweep:`, error);
    }
  }

  /** @returns false if a version names what was written. */
  async #deleteUnnamed(): Promise<boolean> {
    const { db, artifacts } = this.context;
    for (const key of this.#keys) if (await isNamed(db, key)) return false;
    await artifacts.delete(this.#keys);
    return true;
  }

  async #holdOrStore(key: string, bytes: AsyncIterable<Uint8Array>, claim: Claim) {
    const { sizeBytes } = claim;
    if (sizeBytes !== undefined && sizeBytes > HELD_BYTES) return this.#store(key, bytes, claim);
    const { start, rest } = await holdStart(bytes, HELD_BYTES);
    return rest === undefined ? concatenated(start) : this.#store(key, joined(start, rest), claim);
  }

  async #store(key: string, bytes: AsyncIterable<Uint8Array>, claim: Claim): Promise<undefined> {
    const { artifacts, db, actor } = this.context;
    const { sizeBytes: size } = claim;
    if (!this.#keys.includes(key)) {
      await letInUnnamed(this.context, claim);
      this.#keys = [key];
      await noteAttempt(db, { id: this.id, keys: this.#keys }, actor.id);
    }
    this.#hasWritten = true;
    if (size === undefined) await artifacts.storeLong(key, bytes);
    else await artifacts.storeKnown(key, bytes, size);
    return undefined;
  }

  #admissionFor({ name, version }: Pick<Claim, 'name' | 'version'>): Admission | undefined {
    const admission = this.#admission;
    const isSame = version !== undefined && admission?.version === version && admission.name.full === name?.full;
    return isSame ? admission : undefined;
  }

  #placesOf({ name, version }: Entrant): string[] {
    return version === undefined ? [] : KINDS.map((kind) => this.#keyOf(kind, name, version));
  }

  #placeFor(claim: Claim): string | undefined {
    const { name, version } = this.#admissionFor(claim) ?? {};
    return name && version && this.#keyOf('progy', name, version);
  }

  #keyOf(kind: ArtifactKind, name: PackageName, version: Version): string {
    return artifactKey(kind, name, version, this.id);
  }
}

/** Bytes that storing both forms of a file holds at most. @param size of the file, if it is known. */
export function roomToStore(size: number | undefined): number {
  return size !== undefined && size <= HELD_BYTES ? 2 * size + SMALL_BYTES : STORING_BYTES;
}
