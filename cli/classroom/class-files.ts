// Owns the text of the files that make a class folder.
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import { PROGY_LOCK } from '@progy/protocol/course/course-files.ts';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import { IN_A_PROJECT } from '../own-command.ts';
import type { Manager } from './lockfiles/locked-course.ts';
import { COMMANDS } from './managers.ts';

/** What a class is made of. */
export interface ClassPlan {
  /** Name of the folder, for people. */
  readonly title: string;
  readonly manager: Manager;
  /** Version of the package manager's program. */
  readonly managerVersion: string;
  /** Version of @progy/cli. */
  readonly cli: string;
  /** With exact versions. */
  readonly courses: readonly { readonly name: PackageName; readonly version: string }[];
  /** URL of the registry of each scope, `progy` included. */
  readonly registries: ReadonlyMap<string, string>;
}

/** Text by file name, without the lockfile. */
export function classFiles(plan: ClassPlan): Record<string, string> {
  return {
    'package.json': packageJson(plan),
    '.npmrc': npmrc(plan),
    '.gitignore': GITIGNORE,
    'README.md': readme(plan),
    ...(plan.manager === 'pnpm' ? { 'pnpm-workspace.yaml': pnpmWorkspace(plan) } : {}),
    ...(plan.manager === 'yarn' ? { '.yarnrc.yml': yarnrc(plan) } : {}),
  };
}

function packageJson({ title, manager, managerVersion, cli, courses }: ClassPlan): string {
  const pinned = courses.map(({ name, version }) => [name.full, version]);
  return json({
    name: npmName(title),
    private: true,
    scripts: { start: 'progy classroom start' },
    dependencies: { [CLIENT.full]: cli, ...Object.fromEntries(pinned) },
    // With Corepack, every laptop then runs this Yarn and not an older one that it may have.
    ...(manager === 'yarn' ? { packageManager: `yarn@${managerVersion}` } : {}),
  });
}

/** What npm allows as a name. */
function npmName(title: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .slice(0, 100);
  return /^[a-z0-9]/.test(name) ? name : 'class';
}

/** progy reads it too, so it is there for every package manager. */
function npmrc({ registries }: ClassPlan): string {
  const lines = Array.from(registries, ([scope, url]) => `@${scope}:registry=${url}`);
  return [
    '# Where the courses and progy come from. Everything else comes from the public npm registry.',
    ...lines,
    '# Nothing that is installed may run by itself.',
    'ignore-scripts=true',
    '# An audit would tell the public npm registry which courses the class uses.',
    'audit=false',
    'fund=false',
    '',
  ].join('\n');
}

const GITIGNORE = ['node_modules/', '# Each student’s own work.', 'my-*/', '.yarn/', '.pnp.*', ''].join('\n');

function pnpmWorkspace(plan: ClassPlan): string {
  return [
    '# pnpm 11 and newer hold releases back for a day. The class gets those of its courses at once.',
    `minimumReleaseAgeExclude: ${scopeList(plan)}`,
    '',
  ].join('\n');
}

function yarnrc(plan: ClassPlan): string {
  const scopes = Array.from(plan.registries, ([scope, url]) => [
    `  ${scope}:`,
    `    npmRegistryServer: ${JSON.stringify(url.replace(/\/$/, ''))}`,
  ]);
  return [
    'npmScopes:',
    ...scopes.flat(),
    '# Yarn holds releases back for a day. The class gets those of its courses at once.',
    `npmPreapprovedPackages: ${scopeList(plan)}`,
    '# Courses are folders in node_modules, not zip archives.',
    'nodeLinker: node-modules',
    'enableScripts: false',
    'enableTelemetry: false',
    ...plainHttp(plan),
    '',
  ].join('\n');
}

/** Yarn refuses addresses without TLS unless their host is listed. */
function plainHttp({ registries }: ClassPlan): string[] {
  const urls = [...registries.values()].filter((url) => url.startsWith('http:'));
  const hosts = [...new Set(urls.map((url) => new URL(url).hostname))];
  return hosts.length === 0 ? [] : [`unsafeHttpWhitelist: ${JSON.stringify(hosts)}`];
}

function scopeList({ registries }: ClassPlan): string {
  return JSON.stringify(Array.from(registries.keys(), (scope) => `@${scope}/*`));
}

function readme({ title, manager, courses }: ClassPlan): string {
  const { install, start } = COMMANDS[manager];
  const folders = courses.map(({ name }) => `- \`my-${name.slug}\`: ${name.full}`);
  return [
    `# ${title}`,
    '',
    'You need [Node.js](https://nodejs.org) 22.22 or newer and [git](https://git-scm.com). In this folder, run:',
    '',
    '```sh',
    install,
    start,
    '```',
    '',
    'That makes your own copy of each course, in a git repository of your own:',
    '',
    ...folders,
    '',
    'Work there. This shows the first exercise, and then runs its tests:',
    '',
    '```sh',
    `cd my-${courses[0]?.name.slug}`,
    `${IN_A_PROJECT} next`,
    `${IN_A_PROJECT} test`,
    '```',
    '',
    `\`${start}\` never changes what you did; run it again to see where your copy is.`,
    '',
    `Never work inside \`node_modules\`: \`${install}\` deletes what is in there.`,
    '',
    `Every laptop gets the same bytes: \`${COMMANDS[manager].lockfile}\` pins them, and \`${PROGY_LOCK}\` in your copy says which you started from.`,
    '',
  ].join('\n');
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
