// Owns the programs that bring a course to a folder, and what each is started with.
import { fileURLToPath } from 'node:url';
import { COURSE } from './course.ts';
import type { LinkName } from './stages.ts';

const modules = (path: string) => fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url));
export const NPM = modules('npm/bin/npm-cli.js');
const PACOTE = modules('pacote/bin/index.js');

export type Command = readonly [string, ...string[]];

/** What a program finds. */
export interface Trial {
  /** Empty, for it alone; where it starts. */
  readonly folder: string;
  readonly home: string;
}

export interface Places {
  /** Of the registry and its tarball, and of the git repository, through a link. */
  readonly registry: string;
  readonly tarball: string;
  readonly git: string;
  /** progy.js of an installed package. */
  readonly progy: string;
  /** A folder with the files of the course. */
  readonly files: string;
}

export interface Program {
  readonly name: string;
  readonly title: string;
  /**
   * What is in its home: nothing; what Node compiled of progy when it ran before; or all that this very program left
   * there when it ran before.
   */
  readonly home: 'new' | 'compiled' | 'used';
  readonly links: readonly LinkName[];
  /** What must be there afterwards, below its folder. */
  readonly leaves: string;
  command(places: Places, trial: Trial): Command;
}

const BOTH = ['slow', 'fast'] as const;
const SPEC = COURSE.name;
const COPY = 'course/course.json';
const INSTALLED = `node_modules/${COURSE.name}/package.json`;

/** `progy init`, and beside it what else brings a course. */
export const PROGRAMS: readonly Program[] = [
  init('init', 'progy init, cold', 'compiled', SPEC),
  init('init-exact', 'progy init, cold, exact version', 'compiled', `${SPEC}@${COURSE.version}`),
  init('init-first', 'progy init, for the first time ever', 'new', SPEC),
  init('init-warm', 'progy init, warm', 'used', SPEC),
  of('curl', 'curl and tar', 'new', ({ tarball }) =>
    shell('mkdir course && curl -sf "$0" | tar xz -C course --strip-components=1', tarball),
  ),
  {
    ...of('commit', 'git init, add, commit of the same files', 'new', ({ files }) =>
      shell('cp -R "$0" course && cd course && git init -q && git add -A && git commit -qm Start', files),
    ),
    links: ['fast'],
  },
  of('clone', 'git clone', 'new', ({ git }) => ['git', 'clone', '--quiet', git, 'course']),
  of('clone-1', 'git clone --depth 1', 'new', ({ git }) => ['git', 'clone', '--quiet', '--depth', '1', git, 'course']),
  pacote('pacote', 'pacote extract, cold', 'new'),
  pacote('pacote-warm', 'pacote extract, warm', 'used'),
  npm('npm', 'npm install, cold', 'new'),
  npm('npm-warm', 'npm install, warm', 'used'),
];

/** Programs that only start. */
export const STARTS: readonly Omit<Program, 'links' | 'leaves'>[] = [
  { name: 'node', title: 'node -e 0', home: 'used', command: () => [process.execPath, '-e', '0'] },
  ...[['--version'], ['--help'], ['whoami']].map(([word = '']) => ({
    name: word,
    title: `progy ${word}`,
    home: 'used' as const,
    command: ({ progy }: Places): Command => [process.execPath, progy, word],
  })),
];

function of(name: string, title: string, home: Program['home'], command: Program['command']): Program {
  return { name, title, home, command, links: BOTH, leaves: COPY };
}

function init(name: string, title: string, home: Program['home'], spec: string): Program {
  return of(name, title, home, ({ progy, registry }) => [
    process.execPath,
    progy,
    'init',
    spec,
    'course',
    '--registry',
    registry,
  ]);
}

function pacote(name: string, title: string, home: Program['home']): Program {
  const command: Program['command'] = ({ registry }, trial) => [
    process.execPath,
    PACOTE,
    'extract',
    SPEC,
    'course',
    `--registry=${registry}/`,
    `--cache=${trial.home}/pacote`,
  ];
  return of(name, title, home, command);
}

function npm(name: string, title: string, home: Program['home']): Program {
  const quietly = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const command: Program['command'] = ({ registry }) => [
    process.execPath,
    NPM,
    'install',
    SPEC,
    ...quietly,
    '--registry',
    registry,
  ];
  return { ...of(name, title, home, command), leaves: INSTALLED };
}

function shell(script: string, argument: string): Command {
  return ['sh', '-c', script, argument];
}
