// Owns how `progy mirror` is called.
import type { Command } from '@commander-js/extra-typings';
import type { OptionsOf } from '../command.ts';

export const usage = (program: Command) =>
  program
    .command('mirror')
    .summary('copy courses into a folder for a room without internet')
    .description(
      'Copies courses, and progy itself, from a registry into a folder. Any static web server, progy serve, or a USB stick gives them to students; signatures and checksums still verify.',
    )
    .argument('<courses...>', '@scope/slug, optionally with @version, @range or @tag')
    .requiredOption('-o, --output <dir>', 'folder to write; an earlier mirror of the same registry grows')
    .option('--url <url>', 'address that another static web server will give it', 'http://localhost:8788')
    .option('--registry <url>', 'registry to copy from')
    .addHelpText(
      'after',
      '\nExamples:\n  progy mirror @diego/rust-mastery -o mirror\n  progy mirror @diego/rust-mastery@1.0.0 @marta/sql-detective -o /media/usb/courses\n\nThen: progy serve mirror, or from a stick: progy init @diego/rust-mastery --from /media/usb/courses',
    );

export const names = ['courses'] as const;

export type MirrorOptions = OptionsOf<typeof usage, typeof names>;
