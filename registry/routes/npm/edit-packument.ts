// Owns packuments that npm sends back changed: `npm deprecate`, and the first half of `npm unpublish`.
import { RegistryError } from '@progy/protocol/errors.ts';
import { z } from 'zod';
import type { AppContext } from '../../app-env.ts';
import { editPackument as edit } from '../../domain/edit-packument.ts';
import { nameInPath } from '../../middleware/package-name.ts';

/** All that counts. Some clients take a deprecation back with null or false. */
const editSchema = z.looseObject({
  _rev: z.string().optional(),
  versions: z.record(
    z.string(),
    z.looseObject({ deprecated: z.union([z.string(), z.null(), z.literal(false)]).optional() }),
  ),
});

/**
 * PUT /@scope/slug without `_attachments`: deprecates, and takes deprecations back.
 * @param body JSON, already read.
 */
export async function editPackument(c: AppContext, body: unknown): Promise<Response> {
  const { _rev, versions } = parseEdit(body);
  await edit(c.env, c.var.actor, nameInPath(c), { rev: _rev, versions: messagesOf(versions), removes: false });
  return c.json({ ok: true });
}

/** PUT /@scope/slug/-rev/<rev>: the same, and versions that are left out are unpublished. */
export async function editPackumentAt(c: AppContext, rev: string, body: unknown): Promise<Response> {
  const { versions } = parseEdit(body);
  await edit(c.env, c.var.actor, nameInPath(c), { rev, versions: messagesOf(versions), removes: true });
  return c.json({ ok: true });
}

type Edit = z.infer<typeof editSchema>;

function parseEdit(body: unknown): Edit {
  const result = editSchema.safeParse(body);
  if (result.success) return result.data;
  if (Object(body).users !== undefined)
    throw new RegistryError(
      'METHOD_NOT_ALLOWED',
      'This registry keeps no stars: it knows no npm star and no npm unstar',
    );
  throw new RegistryError(
    'INVALID_REQUEST',
    'A packument that changes a course has "versions", in each of them "deprecated" as text if at all; one that publishes has "_attachments"',
  );
}

function messagesOf(versions: Edit['versions']): ReadonlyMap<string, string | undefined> {
  return new Map(Object.entries(versions).map(([version, { deprecated }]) => [version, messageOf(deprecated)]));
}

function messageOf(deprecated: string | false | null | undefined): string | undefined {
  return deprecated === null || deprecated === false ? '' : deprecated;
}
