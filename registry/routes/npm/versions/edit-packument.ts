// Owns edited packuments that npm sends back: `npm deprecate`, and the first half of `npm unpublish`.
import { RegistryError } from '@progy/protocol/errors.ts';
import {
  type PackumentEdit as Edit,
  type EditAnswer,
  packumentEditSchema,
} from '@progy/protocol/wire/version-changes.ts';
import type { AppContext } from '../../../app-env.ts';
import { editPackument as edit, type PackumentEdit } from '../../../domain/versions/edit-packument.ts';
import { answer } from '../../../http/answer.ts';
import { nameInPath } from '../../../middleware/package-name.ts';

/**
 * PUT /@scope/slug without `_attachments`: sets and removes deprecations.
 * @param body JSON, already read.
 */
export async function editPackument(c: AppContext, body: unknown): Promise<Response> {
  const parsed = parseEdit(body);
  await edit(c.var.signedIn, nameInPath(c), { ...editOf(parsed), rev: parsed._rev, removes: false });
  return answer<EditAnswer>(c, { ok: true });
}

/** PUT /@scope/slug/-rev/<rev>: the same, and versions that are left out are unpublished. */
export async function editPackumentAt(c: AppContext, rev: string, body: unknown): Promise<Response> {
  await edit(c.var.signedIn, nameInPath(c), { ...editOf(parseEdit(body)), rev, removes: true });
  return answer<EditAnswer>(c, { ok: true });
}

function parseEdit(body: unknown): Edit {
  // None of our packuments has it: clients send it to star the course. npm sends little more, pnpm the whole packument.
  if (Object(body).users !== undefined)
    throw new RegistryError(
      'METHOD_NOT_ALLOWED',
      'This registry has no stars, so npm star and npm unstar do nothing here',
    );
  const result = packumentEditSchema.safeParse(body);
  if (result.success) return result.data;
  throw new RegistryError(
    'INVALID_REQUEST',
    'To change a course, send "versions", where any "deprecated" is text. To publish one, send "_attachments"',
  );
}

function editOf({ versions, maintainers, 'dist-tags': distTags }: Edit): Omit<PackumentEdit, 'rev' | 'removes'> {
  return { versions: messagesOf(versions), distTags, maintainers: maintainers?.map(({ name }) => name) };
}

function messagesOf(versions: Edit['versions']): ReadonlyMap<string, string | undefined> {
  return new Map(Object.entries(versions).map(([version, { deprecated }]) => [version, messageOf(deprecated)]));
}

function messageOf(deprecated: string | false | null | undefined): string | undefined {
  return deprecated === null || deprecated === false ? '' : deprecated;
}
