// Owns the objects of one publish while it runs: noted before they are written, discarded when it fails.

import { Digester, type Digests, digesting } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { countingUpTo } from '@progy/protocol/course/course-files.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import type { SignedInContext } from '../../context.ts';
import { forgetAttempt, isNamed, noteAttempt } from '../../database/publish/insert-version.ts';
import { artifactKey, stagingKey } from '../../storage/artifact-key.ts';
import { type Claim, ofSize } from './publish-claim.ts';

/** A stored object and what it hashes to. */
export interface StoredArtifact extends Digests {
  key: string;
}

/** One run of publishing. Its id is part of every key it writes. */
export class PublishAttempt {
  readonly id = crypto.randomUUID();
  readonly context: SignedInContext;
  #keys: readonly string[] = [];

  /** @param context of whoever publishes. */
  constructor(context: SignedInContext) {
    this.context = context;
  }

  /**
   * Stores the uploaded `.progy` file, at its place when name and version are known, else in staging.
   * @throws {RegistryError} PAYLOAD_TOO_LARGE, METADATA_MISMATCH (another size than claimed), R2_UPLOAD_FAILED.
   */
  async storeUpload(bytes: AsyncIterable<Uint8Array>, { name, version, sizeBytes }: Claim): Promise<StoredArtifact> {
    const known = name !== undefined && version !== undefined;
    const key = known ? artifactKey('progy', name, version, this.id) : stagingKey(this.id);
    await this.#note(known ? [key, artifactKey('tarball', name, version, this.id)] : [key]);
    const { artifacts } = this.context;
    const digester = new Digester(nodePlatform);
    const checked = digesting(countingUpTo(bytes), digester);
    if (sizeBytes === undefined) await artifacts.store(key, checked);
    else await artifacts.storeKnown(key, ofSize(checked, sizeBytes), { size: sizeBytes });
    return { key, ...digester.digest() };
  }

  /** Moves an upload out of staging once course.json has named it. */
  async settleUpload(upload: StoredArtifact, name: PackageName, version: Version): Promise<StoredArtifact> {
    const key = artifactKey('progy', name, version, this.id);
    if (upload.key === key) return upload;
    await this.#note([upload.key, key, artifactKey('tarball', name, version, this.id)]);
    await this.context.artifacts.move(upload.key, key);
    return { ...upload, key };
  }

  /** Stores the derived tarball, whose length and hashes are known; R2 checks them. */
  async storeTarball(
    bytes: AsyncIterable<Uint8Array>,
    digests: Digests,
    name: PackageName,
    version: Version,
  ): Promise<StoredArtifact> {
    const key = artifactKey('tarball', name, version, this.id);
    await this.context.artifacts.storeKnown(key, bytes, digests);
    return { key, ...digests };
  }

  /**
   * Deletes what the attempt wrote, unless a version names it: when D1 failed in the middle of the commit, nobody knows
   * whether it happened. Never throws; what it cannot delete, the sweep will.
   */
  async discard(): Promise<void> {
    try {
      const { db, artifacts } = this.context;
      for (const key of this.#keys) if (await isNamed(db, key)) return;
      await artifacts.delete(this.#keys);
      await forgetAttempt(db, this.id);
    } catch (error) {
      console.error(`publish attempt ${this.id} is left to the sweep:`, error);
    }
  }

  async #note(keys: readonly string[]): Promise<void> {
    this.#keys = keys;
    const { db, actor } = this.context;
    await noteAttempt(db, this.id, actor.id, keys);
  }
}
