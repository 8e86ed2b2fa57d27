// Owns /@scope/slug/-rev/<rev> and …/-/<file>/-rev/<rev>: the writes of npm that name the `_rev` they began with.
import { RegistryError } from '@progy/protocol/errors.ts';
import type { AppContext } from '../../../app-env.ts';
import { unpublishPackage, unpublishVersion } from '../../../domain/versions/unpublish.ts';
import { nameInPath } from '../../../middleware/package-name.ts';
import { readPackageDocument } from '../package-document.ts';
import { changeMaintainers } from '../people/owners.ts';
import { versionInFileName } from '../read/tarball.ts';
import { editPackumentAt } from './edit-packument.ts';

/** PUT /@scope/slug/-rev/<rev>, which `npm unpublish` sends for one version, and `npm owner` for maintainers. */
export async function putRevision(c: AppContext): Promise<Response> {
  const { json } = await readPackageDocument(c.req.raw, refuseAttachment);
  if ('maintainers' in json && !('versions' in json)) return changeMaintainers(c, revInPath(c), json);
  return editPackumentAt(c, revInPath(c), json);
}

/** DELETE /@scope/slug/-rev/<rev>: unpublishes the course. */
export async function deletePackage(c: AppContext): Promise<Response> {
  await unpublishPackage(c.var.signedIn, nameInPath(c), revInPath(c));
  return c.json({ ok: true });
}

/**
 * DELETE /@scope/slug/-/<file>/-rev/<rev>: the last step of `npm unpublish`. Its PUT has already unpublished the
 * version; a client that sends only this means that version.
 */
export async function deleteTarball(c: AppContext): Promise<Response> {
  const name = nameInPath(c);
  const version = versionInFileName(name, c.req.param('file') ?? '');
  await unpublishVersion(c.var.signedIn, name, version, revInPath(c));
  return c.json({ ok: true });
}

function revInPath(c: AppContext): string {
  return c.req.param('rev') ?? '';
}

async function refuseAttachment(): Promise<never> {
  throw new RegistryError('METHOD_NOT_ALLOWED', 'To publish a version, use the address of the course without -rev');
}
