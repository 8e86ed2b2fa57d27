// Owns POST /registry/publish: a .progy file and its metadata as multipart form data.
import { LIMITS, tooLarge } from '@progy/protocol/course/course-files.ts';
import type { AppContext } from '../../app-env.ts';
import { attempting, publishVersion } from '../../domain/publish/publish-version.ts';
import { sendReceipt } from '../../http/publish-receipt.ts';
import { readPublishForm } from './publish-form.ts';

/** Room for boundaries, part headers and metadata around a file of the largest size. */
const FORM_BYTES = 1024 * 1024;

export async function postPublish(c: AppContext): Promise<Response> {
  if (Number(c.req.header('content-length') ?? 0) > LIMITS.artifactBytes + FORM_BYTES)
    throw tooLarge(LIMITS.artifactBytes);
  const publishing = attempting(c.var.signedIn, (attempt) =>
    publishVersion(attempt, (receive) => readPublishForm(c.req.raw, receive)),
  );
  // A client that hangs up after its last byte must not leave the publish half-way.
  c.var.context.later(publishing.catch(() => undefined));
  return sendReceipt(c, await publishing);
}
