// Owns `progy unyank`: takes a yank back.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf, Views } from '../command.ts';
import type { Context } from '../context.ts';
import { registryFlag } from '../registry/choice.ts';
import { parseVersionSpec } from '../registry/spec.ts';
import { showTagMoves } from '../views/tag-moves.ts';
import { changeYank, type YankChange, yankChangeJson } from './yank.ts';

export const usage = (program: Command) =>
  program
    .command('unyank')
    .summary('take a yank back')
    .description('Shows a yanked version again. latest goes back to it if it is the highest; other dist-tags do not.')
    .argument('<spec>', '@scope/slug@version')
    .option('--registry <url>', 'registry that has the course')
    .addHelpText('after', '\nExample:\n  progy unyank @diego/rust-mastery@1.0.0');

export const names = ['spec'] as const;

export type UnyankOptions = OptionsOf<typeof usage, typeof names>;

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
