// Owns the answer to a publish, in both dialects.
import type { PublishReceipt } from '@progy/protocol/wire/publish.ts';
import { downloadPath } from '@progy/protocol/wire/urls.ts';
import type { AppContext } from '../app-env.ts';
import type { Published } from '../domain/publish/commit-version.ts';
import { answer } from './answer.ts';

/** Answers 201 for a new version, 200 for one that was published before with the same content. */
export function sendReceipt(c: AppContext, { course, version, tag, already }: Published): Response {
  const receipt: PublishReceipt = {
    ok: true,
    success: true,
    name: course.name.full,
    version: course.version,
    url: c.var.context.settings.origin + downloadPath(course.name, course.version),
    integrity: version.integrity,
    checksum: version.checksum,
    sizeBytes: version.sizeBytes,
    tree: version.tree,
    tag,
    already: already || undefined,
  };
  return answer<PublishReceipt>(c, receipt, already ? 200 : 201);
}
