// Owns `progy unyank`: undoing a yank.
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { registryFlag } from '../registry/choice.ts';
import { parseVersionSpec } from '../registry/spec.ts';
import type { UnyankOptions } from '../usage/unyank.ts';
import { showTagMoves } from '../views/tag-moves.ts';
import { changeYank, type YankChange, yankChangeJson } from './yank.ts';

export async function run({ spec, registry }: UnyankOptions, context: Context): Promise<YankChange> {
  const { name, version } = parseVersionSpec(spec, 'unyank');
  return changeYank({ method: 'DELETE', name, version }, registry, context);
}

export const views: Views<YankChange> = {
  human: (change) => {
    const { name, version, already, registry } = change;
    const spec = `${name}@${version}`;
    return [
      already ? `${spec} is not yanked` : `No longer yanked: ${spec}`,
      ...showTagMoves(change.distTags),
      '',
      `Next: progy init ${spec}${registryFlag(registry)}`,
    ].join('\n');
  },
  json: yankChangeJson,
};
