// Owns how the commands of `progy classroom` are called.
import { type Command, Option } from '@commander-js/extra-typings';
import { MANAGERS } from '../classroom/managers.ts';
import type { Declaration, OptionsOf } from '../command.ts';

const startNames = ['courses'] as const;

const describeStart = (classroom: Command) =>
  classroom
    .command('start')
    .summary('start the courses of the class, beside node_modules')
    .description(
      'Starts the courses that the class pins, each in a folder of its own beside node_modules, from exactly the bytes that are locked. It needs no network after npm ci. If a course is started already, it says where.',
    )
    .argument('[courses...]', '@scope/slug of some of them (default: all)')
    .option('--dir <dir>', 'folder for the course, if it is one (default: my-<slug>)')
    .addHelpText('after', '\nExamples:\n  npm start\n  progy classroom start @diego/rust-mastery --dir rust');

export const start: Declaration<typeof describeStart, typeof startNames> = { usage: describeStart, names: startNames };

export type StartOptions = OptionsOf<typeof describeStart, typeof startNames>;

const createNames = ['courses'] as const;

const describeCreate = (classroom: Command) =>
  classroom
    .command('create')
    .summary('make the class folder that a teacher commits')
    .description(
      'Makes a folder that pins courses and progy itself: package.json, the lockfile of a package manager, the settings that it needs, and a README with two commands for students. Nothing tracks who uses it.',
    )
    .argument('<courses...>', '@scope/slug, optionally with @version, @range or @tag')
    .option('--dir <dir>', 'folder to make (default: <slug>-class)')
    .addOption(new Option('--manager <name>', 'package manager').choices(MANAGERS).default('npm' as const))
    .option('--registry <url>', 'registry of the courses')
    .option('--no-git', 'do not make a git repository')
    .option('-y, --yes', 'make the git repository and its first commit without asking')
    .addHelpText(
      'after',
      '\nExamples:\n  progy classroom create @diego/rust-mastery\n  progy classroom create @diego/rust-mastery@1.0.0 @marta/sql-detective --dir class --manager pnpm',
    );

export const create: Declaration<typeof describeCreate, typeof createNames> = {
  usage: describeCreate,
  names: createNames,
};

export type CreateOptions = OptionsOf<typeof describeCreate, typeof createNames>;

const describeVerify = (classroom: Command) =>
  classroom
    .command('verify')
    .summary('compare the lockfiles with the registry')
    .description(
      'Checks that every lockfile of the class, and what is installed, holds exactly what the registry published and signed.',
    );

export const verify: Declaration<typeof describeVerify, readonly []> = { usage: describeVerify, names: [] };

export type VerifyOptions = OptionsOf<typeof describeVerify, readonly []>;

const updateNames = ['courses'] as const;

const describeUpdate = (classroom: Command) =>
  classroom
    .command('update')
    .summary('move the class to a new version')
    .description(
      'Pins new versions of courses, and of progy, in package.json and the lockfiles; shows what is new, and what students will see. Students keep their work.',
    )
    .argument('[courses...]', '@scope/slug, optionally with @version, @range or @tag (default: all, to the latest)')
    .option('--dry-run', 'show what would happen, and change nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  progy classroom update --dry-run\n  progy classroom update @diego/rust-mastery@1.1.0',
    );

export const update: Declaration<typeof describeUpdate, typeof updateNames> = {
  usage: describeUpdate,
  names: updateNames,
};

export type ClassUpdateOptions = OptionsOf<typeof describeUpdate, typeof updateNames>;
