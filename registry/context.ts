// Owns what the registry works with: made from the bindings at the border, and handed down from there.
import type { RateLimit } from '@cloudflare/workers-types';
import { type Database, openDatabase } from './database/database.ts';
import { watchWrites } from './database/watched-writes.ts';
import { DownloadTally } from './domain/read/download-tally.ts';
import { createReadMemory, forgetRows, type ReadMemory } from './domain/read/read-memory.ts';
import type { Actor } from './domain/rights/actor.ts';
import { type Env, type Settings, type SigningKey, settingsOf, signingKeysOf } from './env.ts';
import { type ArtifactStore, openArtifactStore } from './storage/artifacts.ts';

/** What can be asked too often. */
export type LimitName = 'login' | 'search' | 'address';

/** Counts one more for a key; false when that is too many. */
export type Limiter = (key: string) => Promise<boolean>;

/** All that the registry needs to do its work, whoever asks for it. */
export interface RegistryContext {
  readonly db: Database;
  readonly artifacts: ArtifactStore;
  readonly memory: ReadMemory;
  /** Downloads that are not in the database yet. */
  readonly downloads: DownloadTally;
  readonly settings: Settings;
  readonly limits: Readonly<Record<LimitName, Limiter>>;
  /** Signs sessions. */
  readonly sessionSecret: string;
  /** Newest first. Only publishing and the list of keys ask. @throws {Error} as `signingKeysOf`. */
  signingKeys(): readonly SigningKey[];
  now(): Date;
}

/** What one request is answered with. */
export interface RequestContext extends RegistryContext {
  /** Where the request comes from, as the edge says; only for limits, never stored. */
  readonly address: string;
  /**
   * Asks who is reading. Never called for public courses, so that reading them costs no lookup and no bad token breaks it.
   * @throws {RegistryError} UNAUTHORIZED for a token that proves nothing; FORBIDDEN for one used elsewhere than it may be.
   */
  reader(): Promise<Actor | undefined>;
  /** Does work after the answer. */
  later(work: Promise<unknown>): void;
}

/** What a request of somebody who is signed in is answered with. */
export interface SignedInContext extends RequestContext {
  readonly actor: Actor;
}

/** Whoever acts is also who reads. */
export function signedInAs(context: RequestContext, actor: Actor): SignedInContext {
  return { ...context, actor, reader: async () => actor };
}

const opened = new WeakMap<Env, RegistryContext>();

/**
 * The context for these bindings, opened once for as long as an isolate lives.
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
  return {
    db: openDatabase(watchWrites(env.DB, () => forgetRows(memory))),
    memory,
    downloads: new DownloadTally(),
    artifacts: openArtifactStore(env.R2),
    settings: settingsOf(env),
    limits: {
      login: limiter(env.LOGIN_LIMIT),
      search: limiter(env.SEARCH_LIMIT),
      address: limiter(env.ADDRESS_LIMIT),
    },
    sessionSecret: env.BETTER_AUTH_SECRET,
    signingKeys: () => signingKeysOf(env),
    now: () => new Date(),
  };
}

function limiter(binding: RateLimit): Limiter {
  return async (key) => (await binding.limit({ key })).success;
}
