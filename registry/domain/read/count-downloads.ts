// Owns counting downloads of a version: all those of one second together, after the answer.
import { setTimeout as delay } from 'node:timers/promises';
import type { RegistryContext, RequestContext } from '../../context.ts';
import { addDownloads } from '../../database/read/downloads.ts';
import { WRITTEN_AFTER_MS } from './download-tally.ts';
import type { FoundArtifact } from './read-artifact.ts';

/** Counts a download. An isolate that dies loses those not yet written. */
export function countDownload(context: RequestContext, { packageId, versionId }: FoundArtifact): void {
  const next = context.downloads.add(packageId, versionId, context.now());
  if (next === 'write soon') context.later(delay(WRITTEN_AFTER_MS).then(() => writeDownloads(context)));
  if (next === 'write now') context.later(writeDownloads(context));
}

/** Writes the waiting downloads. A failure must affect no request; a retry might count twice. */
export async function writeDownloads({ db, downloads }: RegistryContext): Promise<void> {
  const counts = downloads.take();
  if (counts.length === 0) return;
  try {
    await addDownloads(db, counts);
  } catch (error) {
    const lost = counts.reduce((total, { count }) => total + count, 0);
    console.warn(`${lost} downloads were not counted:`, error);
  }
}
