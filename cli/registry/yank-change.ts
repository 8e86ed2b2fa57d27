// Owns asking a registry to yank a version or to take that back, and reading what it did.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import { yankPath } from '@progy/protocol/wire/urls.ts';
import type { Context } from '../context.ts';
import { type ChangedTags, tagMap } from '../views/tag-moves.ts';
import { chooseSignedIn, type Registry } from './choice.ts';
import { createRegistryClient } from './client.ts';

/** What has changed. */
export interface YankChange {
  readonly name: string;
  readonly version: string;
  /** The reason, if only ''; null: it is not yanked. */
  readonly yanked: string | null;
  /** It was so before. */
  readonly already: boolean;
  readonly distTags: ChangedTags;
  readonly registry: Registry;
}

/** @throws {RegistryError} UNAUTHORIZED, and what the registry answers. */
export async function changeYank(
  context: Context,
  option: string | undefined,
  name: PackageName,
  version: Version,
  method: 'POST' | 'DELETE',
  body?: object,
): Promise<YankChange> {
  const registry = await chooseSignedIn(context, option, name.scope);
  const answer = await createRegistryClient(registry, context.signal).change(method, yankPath(name, version), body);
  const { before, after } = Object(answer.distTags) as Record<string, unknown>;
  return {
    name: name.full,
    version,
    yanked: typeof answer.yanked === 'string' ? answer.yanked : null,
    already: answer.already === true,
    distTags: { before: tagMap(before), after: tagMap(after) },
    registry,
  };
}

/** For --json. */
export function yankChangeJson({ registry, ...change }: YankChange): object {
  return { ...change, registry: registry.label };
}
