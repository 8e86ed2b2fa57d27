// Owns `progy yank`: hiding a version from new students while keeping it for those who rely on it.
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Version } from '@progy/protocol/course/version.ts';
import { yankPath } from '@progy/protocol/wire/urls.ts';
import { type YankReceipt, type YankRequest, yankReceiptSchema } from '@progy/protocol/wire/version-changes.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn, type Registry, registryFlag } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { parseVersionSpec } from '../registry/spec.ts';
import type { YankOptions } from '../usage/yank.ts';
import { showTagMoves } from '../views/tag-moves.ts';

/** What changed. */
export interface YankChange extends Pick<YankReceipt, 'name' | 'version' | 'yanked' | 'distTags'> {
  /** It was already in this state. */
  readonly already: boolean;
  readonly registry: Registry;
}

export async function run({ spec, reason, registry }: YankOptions, context: Context): Promise<YankChange> {
  const { name, version } = parseVersionSpec(spec, 'yank');
  const body: YankRequest = { reason: reason ?? '' };
  return changeYank({ method: 'POST', name, version, body }, registry, context);
}

export const views: Views<YankChange> = {
  human: (change) => {
    const { name, version, yanked, already, registry } = change;
    const spec = `${name}@${version}`;
    return [
      `${already ? 'Already yanked' : 'Yanked'}: ${spec}${yanked ? ` (${yanked})` : ''}`,
      ...showTagMoves(change.distTags),
      ...(change.distTags.after.latest === version
        ? ['  dist-tag latest stays on it because every version is yanked']
        : []),
      'Lockfiles and the exact version still install it.',
      '',
      `Next: publish a fixed version. To undo the yank: progy unyank ${spec}${registryFlag(registry)}`,
    ].join('\n');
  },
  json: yankChangeJson,
};

interface YankOrder {
  /** POST yanks, DELETE unyanks. */
  readonly method: 'POST' | 'DELETE';
  readonly name: PackageName;
  readonly version: Version;
  readonly body?: YankRequest;
}

/** @throws {RegistryError} UNAUTHORIZED, and what the registry answers. */
export async function changeYank(
  { method, name, version, body }: YankOrder,
  option: string | undefined,
  context: Context,
): Promise<YankChange> {
  const registry = await chooseSignedIn(context, option, name.scope);
  const client = createRegistryClient(registry, context.signal);
  const receipt = await client.change(method, yankPath(name, version), yankReceiptSchema, body);
  const { yanked, already = false, distTags } = receipt;
  return { name: name.full, version, yanked, already, distTags, registry };
}

/** For --json. */
export function yankChangeJson({ registry, ...change }: YankChange): object {
  return { ...change, registry: registry.label };
}
