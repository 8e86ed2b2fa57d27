// Owns answering with a stored artifact: what may keep it, its notice, and the count of its download.
import { countDownload } from '../../domain/read/count-downloads.ts';
import { type FoundArtifact, openArtifact } from '../../domain/read/read-artifact.ts';
import { artifactCaching } from '../caching.ts';
import { headerText } from '../header-text.ts';
import { openWhole } from './artifact-copies.ts';
import type { Reading } from './reading.ts';
import { sendFile } from './send-file.ts';

/** Streams an artifact. A download counts once, when its first byte is requested. */
export function sendArtifact({ request, context }: Reading, artifact: FoundArtifact): Promise<Response> {
  const { notice, isPublic } = artifact;
  // The bytes never change, but their notice does; and npm prints no notice from a cached answer.
  const caching = notice === undefined ? artifactCaching(request, isPublic) : 'no-store';
  const headers: Record<string, string> = notice === undefined ? {} : { 'npm-notice': headerText(notice) };
  return sendFile(request, { ...artifact, caching, headers }, async (range) => {
    const body = await (range ? openArtifact(context, artifact, range) : openWhole(context, artifact));
    if (range === undefined || range.offset === 0) countDownload(context, artifact);
    return body;
  });
}
