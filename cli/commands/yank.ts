// Owns `progy yank`: hides a version from those who choose, and keeps it for those who rely on it.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf, Views } from '../command.ts';
import type { Context } from '../context.ts';
import { registryFlag } from '../registry/choice.ts';
import { parseVersionSpec } from '../registry/spec.ts';
import { changeYank, type YankChange, yankChangeJson } from '../registry/yank-change.ts';
import { showTagMoves } from '../views/tag-moves.ts';

export const usage = (program: Command) =>
  program
    .command('yank')
    .summary('hide a version nobody should begin with')
    .description(
      'Hides a version from latest, ranges and search. Lockfiles and its exact number still install it, with the reason as a warning.',
    )
    .argument('<spec>', '@scope/slug@version')
    .option('--reason <text>', 'shown to everybody who still installs it')
    .option('--registry <url>', 'registry that has the course')
    .addHelpText('after', '\nExample:\n  progy yank @diego/rust-mastery@1.0.0 --reason "Exercise 3 deletes files"');

export const names = ['spec'] as const;

export type YankOptions = OptionsOf<typeof usage, typeof names>;

export async function run({ spec, reason, registry }: YankOptions, context: Context): Promise<YankChange> {
  const { name, version } = parseVersionSpec(spec, 'yank');
  return changeYank(context, registry, name, version, 'POST', { reason: reason ?? '' });
}

export const views: Views<YankChange> = {
  human: (change) => {
    const { name, version, yanked, already, registry } = change;
    const spec = `${name}@${version}`;
    return [
      `${already ? 'Yanked before' : 'Yanked'}: ${spec}${yanked ? ` (${yanked})` : ''}`,
      ...showTagMoves(change.distTags),
      ...(change.distTags.after.latest === version
        ? ['  dist-tag latest stays on it, for every version is yanked']
        : []),
      'Lockfiles and the exact number still install it.',
      '',
      `Next: publish a version without the fault. To take the yank back: progy unyank ${spec}${registryFlag(registry)}`,
    ].join('\n');
  },
  json: yankChangeJson,
};
