// Owns copies of public artifacts in the runtime's cache, which is nearer and cheaper than storage.
import { setTimeout as delay } from 'node:timers/promises';
import type { CacheStorage } from '@cloudflare/workers-types';
import type { RequestContext } from '../../context.ts';
import { type FoundArtifact, openArtifact } from '../../domain/read/read-artifact.ts';

/** A global of workerd. */
declare const caches: CacheStorage;

/**
 * Opens all of an artifact: a copy if there is one, else the stored bytes, of which a copy is then made. Whoever asks has
 * found out that the artifact may be read, so copies need no purging: the key of one that was taken down is never asked
 * for again. Private artifacts are not copied.
 * @throws {RegistryError} as {@link openArtifact}.
 */
export async function openWhole(context: RequestContext, artifact: FoundArtifact): Promise<ReadableStream> {
  if (!artifact.isPublic) return openArtifact(context, artifact, undefined);
  const copy = await copyOf(artifact);
  if (copy !== undefined) return copy;
  const stored = await openArtifact(context, artifact, undefined);
  copyOnce(context, artifact);
  return stored;
}

/** A cache that fails has no copy. */
async function copyOf(artifact: FoundArtifact): Promise<ReadableStream | undefined> {
  const copy = await caches.default.match(addressOf(artifact)).catch(() => undefined);
  if (!copy?.body) return undefined;
  if (copy.headers.get('Content-Length') === String(artifact.size)) return copy.body as unknown as ReadableStream;
  await copy.body.cancel();
  return undefined;
}

/** Each is tried once in a while: where the runtime keeps nothing, as on workers.dev, trying each time would double the reads. */
function copyOnce(context: RequestContext, artifact: FoundArtifact): void {
  const { copied } = context.memory;
  if (copied.has(artifact.key)) return;
  copied.set(artifact.key, true);
  context.later(delay(0).then(() => copyToCache(context, artifact)));
}

/** Reads the bytes once more, as the client of the first read may be slow. A failure affects nobody. */
async function copyToCache(context: RequestContext, artifact: FoundArtifact): Promise<void> {
  const headers = { 'Content-Length': String(artifact.size), 'Cache-Control': 'public, max-age=31536000, immutable' };
  try {
    const body = await openArtifact(context, artifact, undefined);
    await caches.default.put(addressOf(artifact), new Response(body, { headers }) as never);
  } catch (error) {
    console.warn(`${artifact.key} was not copied to the cache:`, error);
  }
}

/** Named after the key, which belongs to these bytes for ever. */
function addressOf({ key }: FoundArtifact): string {
  return `http://artifacts.local/${key}`;
}
