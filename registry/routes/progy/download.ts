// Owns GET /registry/download/:scope/:slug/:version: the .progy file.
import { parseVersion } from '@progy/protocol/course/version.ts';
import type { AppContext } from '../../app-env.ts';
import { findArtifact } from '../../domain/read/read-artifact.ts';
import { readingOf } from '../../http/read/reading.ts';
import { sendArtifact } from '../../http/read/send-artifact.ts';
import { nameInProgyPath } from '../../middleware/package-name.ts';

export async function getDownload(c: AppContext): Promise<Response> {
  const name = nameInProgyPath(c);
  const version = parseVersion(c.req.param('version'));
  return sendArtifact(readingOf(c), await findArtifact(c.var.context, 'progy', name, version));
}
