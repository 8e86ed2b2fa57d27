// Owns the objects of one publish while it runs: noted before they are written, discarded when it fails.

import { Digester, type Digests, digesting } from '@progy/protocol/bytes/integrity.ts';
import { nodePlatform } from '@progy/protocol/bytes/node-platform.ts';
import { countingUpTo } from '@progy/protocol/course/course-files.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import { openDatabase } from '../../database/database.ts';
import { forgetAttempt, isNamed, noteAttempt } from '../../database/publish/insert-version.ts';
import type { Env } from '../../env.ts';
import { artifactKey, stagingKey } from '../../storage/artifact-key.ts';
import { deleteArtifacts, moveArtifact } from '../../storage/artifacts.ts';
import { storeArtifact, storeKnownArtifact } from '../../storage/store-artifact.ts';
import type { Account } from '../accounts/accounts.ts';
import { type Claim, ofSize } from './publish-claim.ts';

/** A stored object and what it hashes to. */
export interface StoredArtifact extends Digests {
  key: string;
}

/** One run of publishing. Its id is part of every key it writes. */
export class PublishAttempt {
  readonly id = crypto.randomUUID();
  readonly #env: Env;
  readonly #account: Account;
  #keys: readonly string[] = [];

  constructor(env: Env, account: Account) {
    this.#env = env;
    this.#account = account;
  }

  /**
   * Stores the uploaded `.progy` file, at its place when name and version are known, else in staging.
   * @throws {RegistryError} PAYLOAD_TOO_LARGE, METADATA_MISMATCH (another size than claimed), R2_UPLOAD_FAILED.
   */
  async storeUpload(bytes: AsyncIterable<Uint8Array>, { name, version, sizeBytes }: Claim): Promise<StoredArtifact> {
    const known = name !== undefined && version !== undefined;
    const key = known ? artifactKey('progy', name, version, this.id) : stagingKey(this.id);
    await this.#note(known ? [key, artifactKey('tarball', name, version, this.id)] : [key]);
    const digester = new Digester(nodePlatform);
    const checked = digesting(countingUpTo(bytes), digester);
    if (sizeBytes === undefined) await storeArtifact(this.#env.R2, key, checked);
    else await storeKnownArtifact(this.#env.R2, key, ofSize(checked, sizeBytes), { size: sizeBytes });
    return { key, ...digester.digest() };
  }

  /** Moves an upload out of staging once course.json has named it. */
  async settleUpload(upload: StoredArtifact, name: PackageName, version: Version): Promise<StoredArtifact> {
    const key = artifactKey('progy', name, version, this.id);
    if (upload.key === key) return upload;
    await this.#note([upload.key, key, artifactKey('tarball', name, version, this.id)]);
    await moveArtifact(this.#env.R2, upload.key, key);
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
    await storeKnownArtifact(this.#env.R2, key, bytes, digests);
    return { key, ...digests };
  }

  /**
   * Deletes what the attempt wrote, unless a version names it: when D1 failed in the middle of the commit, nobody knows
   * whether it happened. Never throws; what it cannot delete, the sweep will.
   */
  async discard(): Promise<void> {
    try {
      const db = openDatabase(this.#env.DB);
      for (const key of this.#keys) if (await isNamed(db, key)) return;
      await deleteArtifacts(this.#env.R2, this.#keys);
      await forgetAttempt(db, this.id);
    } catch (error) {
      console.error(`publish attempt ${this.id} is left to the sweep:`, error);
    }
  }

  async #note(keys: readonly string[]): Promise<void> {
    this.#keys = keys;
    await noteAttempt(openDatabase(this.#env.DB), this.id, this.#account.id, keys);
  }
}
