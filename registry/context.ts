// Owns the context that the registry works with: built from the bindings at the border, and passed down from there.
import type { RateLimit } from '@cloudflare/workers-types';
import { type Database, openDatabase } from './database/database.ts';
import { watchWrites } from './database/watched-writes.ts';
import { UploadBudget } from './domain/publish/upload-budget.ts';
import { DownloadTally } from './domain/read/download-tally.ts';
import { createReadMemory, forgetRows, type ReadMemory } from './domain/read/read-memory.ts';
import type { Actor } from './domain/rights/actor.ts';
import { type Env, type Settings, type SigningKey, settingsOf, signingKeysOf } from './env.ts';
import { type ArtifactStore, openArtifactStore } from './storage/artifacts.ts';
import { openShippedFiles, type ShippedFiles } from './storage/shipped-files.ts';

/** The rate limits. */
export type LimitName = 'login' | 'search' | 'address' | 'portfolio' | 'people';

/** Counts one more for a key; false if that is too many. */
export type Limiter = (key: string) => Promise<boolean>;

/** Everything the registry needs for its work, whoever is asking. */
export interface RegistryContext {
  readonly db: Database;
  readonly artifacts: ArtifactStore;
  /** What is deployed beside the Worker. */
  readonly shipped: ShippedFiles;
  readonly memory: ReadMemory;
  /** Downloads not yet written to the database. */
  readonly downloads: DownloadTally;
  /** Bytes of uploads that this isolate holds. */
  readonly uploads: UploadBudget;
  readonly settings: Settings;
  readonly limits: Readonly<Record<LimitName, Limiter>>;
  /** Signs sessions. */
  readonly sessionSecret: string;
  /** Newest first. Used only by publishing and the list of keys. @throws {Error} as `signingKeysOf`. */
  signingKeys(): readonly SigningKey[];
  now(): Date;
}

/** The context of one request. */
export interface RequestContext extends RegistryContext {
  /** The address that the request comes from, according to the edge; only for limits, never stored. */
  readonly address: string;
  /**
   * Finds out who is reading. Never called for public courses, so that reading them costs no lookup and bad tokens do not break it.
   * @throws {RegistryError} UNAUTHORIZED for an invalid token; FORBIDDEN for one used from an address that it does not allow.
   */
  reader(): Promise<Actor | undefined>;
  /** Runs work after the answer. */
  later(work: Promise<unknown>): void;
}

/** The context of a request by somebody who is signed in. */
export interface SignedInContext extends RequestContext {
  readonly actor: Actor;
}

/** The same account acts and reads. */
export function signedInAs(context: RequestContext, actor: Actor): SignedInContext {
  return { ...context, actor, reader: async () => actor };
}

const opened = new WeakMap<Env, RegistryContext>();

/**
 * The context for these bindings, opened once in each isolate.
 * @throws {Error} as {@link settingsOf}: the operator's mistake, answered as 500 and logged.
 */
export function contextOf(env: Env): RegistryContext {
  const before = opened.get(env);
  if (before !== undefined) return before;
  const context = open(env);
  opened.set(env, context);
  return context;
}

function open(env: Env): RegistryContext {
  const memory = createReadMemory();
  const settings = settingsOf(env);
  return {
    db: openDatabase(watchWrites(env.DB, () => forgetRows(memory))),
    memory,
    downloads: new DownloadTally(),
    uploads: new UploadBudget(() => Date.now()),
    artifacts: openArtifactStore(env.R2),
    shipped: openShippedFiles(env.ASSETS, settings.origin),
    settings,
    limits: {
      login: limiter(env.LOGIN_LIMIT),
      search: limiter(env.SEARCH_LIMIT),
      address: limiter(env.ADDRESS_LIMIT),
      // As many for one account and address; the keys differ.
      portfolio: limiter(env.LOGIN_LIMIT, 'portfolio '),
      people: limiter(env.LOGIN_LIMIT, 'people '),
    },
    sessionSecret: env.BETTER_AUTH_SECRET,
    signingKeys: readOnce(() => signingKeysOf(env)),
    now: () => new Date(),
  };
}

/** Reads a value when it is first asked for. A failure is not kept. */
function readOnce<T extends object>(read: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= read();
    return value;
  };
}

/** @param prefix of the keys, for limits that share a binding. */
function limiter(binding: RateLimit, prefix = ''): Limiter {
  return async (key) => (await binding.limit({ key: prefix + key })).success;
}
