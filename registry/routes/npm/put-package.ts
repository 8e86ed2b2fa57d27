// Owns PUT /@scope/slug: npm sends what it publishes and what it edits to the same address.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext } from '../../app-env.ts';
import { editPackument } from './edit-packument.ts';
import { readPackageDocument } from './package-document.ts';

/** A document with a tarball in it publishes a version; one without is an edited packument, as `npm deprecate` sends it back. */
export async function putPackage(c: AppContext): Promise<Response> {
  const { json, attachments } = await readPackageDocument(c.req.raw, refusePublish);
  if (attachments.length > 0 || json._attachments != null) throw notSupported();
  return editPackument(c, json);
}

async function refusePublish(): Promise<never> {
  throw notSupported();
}

function notSupported(): RegistryError {
  return new RegistryError('METHOD_NOT_ALLOWED', 'Courses are published with: progy publish', {
    next: 'progy publish',
  });
}
