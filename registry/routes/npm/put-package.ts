// Owns PUT /@scope/slug: npm sends what it publishes and what it edits to the same address.
import { type PackageName, parsePackageName } from '@progy/protocol/course/package-name.ts';
import type { AppContext } from '../../app-env.ts';
import type { PublishAttempt } from '../../domain/publish/publish-attempt.ts';
import { attempting } from '../../domain/publish/publish-version.ts';
import { readPackageDocument } from './package-document.ts';
import { checkBodyLength, publishPackage, tarballReceiver } from './publish/publish.ts';
import { editPackument } from './versions/edit-packument.ts';

/** A document with attachments publishes a version; one without is an edited packument, as `npm deprecate` sends it back. */
export async function putPackage(c: AppContext): Promise<Response> {
  const name = parsePackageName(`${c.req.param('scope')}/${c.req.param('slug')}`);
  checkBodyLength(c);
  const putting = attempting(c.var.signedIn, (attempt) => put(c, name, attempt));
  // A client that hangs up after its last byte must not leave the publish half-way.
  c.var.context.later(putting.catch(() => undefined));
  return putting;
}

async function put(c: AppContext, name: PackageName, attempt: PublishAttempt): Promise<Response> {
  const document = await readPackageDocument(c.req.raw, tarballReceiver(c, attempt, name));
  if (hasAttachments(document.json)) return publishPackage(c, { attempt, name }, document);
  return editPackument(c, document.json);
}

function hasAttachments({ _attachments }: Record<string, unknown>): boolean {
  return typeof _attachments === 'object' && _attachments !== null && Object.keys(_attachments).length > 0;
}
