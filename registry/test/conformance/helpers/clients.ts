// Owns the clients that the suite runs, and what a person types into each for the same task.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassFile } from '../../clients/helpers/machine.ts';
import type { Program } from '../../clients/helpers/run-program.ts';

type Args = readonly string[];

/** What a person types, by task. If a client lacks the command, what they would try. */
export interface Dialect {
  view(spec: string): Args;
  add(specs: Args): Args;
  install: Args;
  /** Installs exactly what the lockfile says. */
  frozen: Args;
  publish: Args;
  beforePublish?: Args;
  /** Signs in, through a browser or by answering prompts. */
  login: { args: Args; prompts: readonly string[] | 'browser' };
  whoami: Args;
  tagAdd(spec: string, tag: string): Args;
  tagList(name: string): Args;
  tagRemove(name: string, tag: string): Args;
  deprecate(spec: string, message: string): Args;
  undeprecate(spec: string): Args;
  search(words: string): Args;
  audit: Args;
}

export interface Client {
  /** Heading of its column in the table. */
  label: string;
  /** Its folder in node_modules. */
  folder: string;
  program: Program;
  /** What sets up a class for it. */
  files: readonly ClassFile[];
  lockfile: string;
  /** Takes the URL of the registry, for commands that name no course and so no scope. */
  dialect(registry: string): Dialect;
}

/** The clients in a node_modules folder, as the table orders them. */
export async function listClients(modules: string): Promise<Client[]> {
  const script = (...path: string[]): Program => [process.execPath, join(modules, ...path)];
  const npm = { files: ['.npmrc'], lockfile: 'package-lock.json', dialect: npmDialect } as const;
  const pnpm = { files: ['.npmrc', 'pnpm-workspace.yaml'], lockfile: 'pnpm-lock.yaml' } as const;
  const yarn1 = { files: ['.npmrc'], lockfile: 'yarn.lock', dialect: yarn1Dialect } as const;
  const yarn4 = { files: ['.yarnrc.yml'], lockfile: 'yarn.lock', dialect: yarn4Dialect } as const;
  const bun = { files: ['.npmrc'], lockfile: 'bun.lock', dialect: bunDialect } as const;
  const clients = [
    { ...npm, folder: 'npm-10', program: script('npm-10/bin/npm-cli.js') },
    { ...npm, folder: 'npm-11', program: script('npm-11/bin/npm-cli.js') },
    { ...npm, folder: 'npm-12', program: script('npm-12/bin/npm-cli.js') },
    { ...pnpm, dialect: pnpmDialect, folder: 'pnpm-10', program: script('pnpm-10/bin/pnpm.cjs') },
    { ...pnpm, dialect: pnpm12Dialect, folder: 'pnpm-12', program: script('pnpm-12/bin/pnpm.mjs') },
    { ...yarn1, folder: 'yarn-1', program: script('yarn-1/bin/yarn.js') },
    { ...yarn4, folder: 'yarn-4', program: script('yarn-4/bin/yarn.js') },
    { ...bun, folder: 'bun', program: [await bunBinary(modules)] as const },
  ];
  return Promise.all(clients.map(async (client) => ({ ...client, label: await labelOf(modules, client.folder) })));
}

/** npm installs the one platform package that fits. */
async function bunBinary(modules: string): Promise<string> {
  const [platform = ''] = await readdir(join(modules, '@oven'));
  return join(modules, '@oven', platform, 'bin/bun');
}

async function labelOf(modules: string, folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(modules, folder, 'package.json'), 'utf8'));
  return `${folder.replace(/-\d+$/, '')} ${version}`;
}

const npmDialect = (registry: string): Dialect => ({
  view: (spec) => ['view', spec],
  add: (specs) => ['install', ...specs],
  install: ['install'],
  frozen: ['ci'],
  publish: ['publish'],
  login: { args: ['login', '--registry', registry], prompts: 'browser' },
  whoami: ['whoami', '--registry', registry],
  tagAdd: (spec, tag) => ['dist-tag', 'add', spec, tag],
  tagList: (name) => ['dist-tag', 'ls', name],
  tagRemove: (name, tag) => ['dist-tag', 'rm', name, tag],
  deprecate: (spec, message) => ['deprecate', spec, message],
  undeprecate: (spec) => ['deprecate', spec, ''],
  search: (words) => ['search', words, '--registry', registry],
  audit: ['audit', '--registry', registry],
});

const pnpmDialect = (registry: string): Dialect => ({
  ...npmDialect(registry),
  add: (specs) => ['add', ...specs],
  frozen: ['install', '--frozen-lockfile'],
  // A course need not be a git repository.
  publish: ['publish', '--no-git-checks'],
});

const pnpm12Dialect = (registry: string): Dialect => ({
  ...pnpmDialect(registry),
  undeprecate: (spec) => ['undeprecate', spec],
});

const yarn1Dialect = (registry: string): Dialect => ({
  view: (spec) => ['info', spec],
  add: (specs) => ['add', ...specs],
  install: ['install'],
  frozen: ['install', '--frozen-lockfile'],
  publish: ['publish', '--non-interactive'],
  login: { args: ['login', '--registry', registry], prompts: ['npm username:', 'npm email:'] },
  whoami: ['whoami', '--registry', registry],
  // Signing in on the way takes the registry from nowhere else.
  tagAdd: (spec, tag) => ['tag', 'add', spec, tag, '--registry', registry],
  tagList: (name) => ['tag', 'list', name],
  tagRemove: (name, tag) => ['tag', 'remove', name, tag],
  deprecate: (spec, message) => ['deprecate', spec, message],
  undeprecate: (spec) => ['deprecate', spec, ''],
  search: (words) => ['search', words],
  audit: ['audit', '--registry', registry],
});

/** Its registry commands follow the scope. */
const yarn4Dialect = (): Dialect => ({
  view: (spec) => ['npm', 'info', spec],
  add: (specs) => ['add', ...specs],
  install: ['install'],
  frozen: ['install', '--immutable'],
  // Otherwise scoped packages are restricted.
  publish: ['npm', 'publish', '--access', 'public'],
  // It publishes what its lockfile knows.
  beforePublish: ['install'],
  login: { args: ['npm', 'login', '--scope', 'diego'], prompts: ['Username:', 'Password:'] },
  whoami: ['npm', 'whoami', '--scope', 'diego'],
  tagAdd: (spec, tag) => ['npm', 'tag', 'add', spec, tag],
  tagList: (name) => ['npm', 'tag', 'list', name],
  tagRemove: (name, tag) => ['npm', 'tag', 'remove', name, tag],
  deprecate: (spec, message) => ['npm', 'deprecate', spec, message],
  undeprecate: (spec) => ['npm', 'deprecate', spec, ''],
  search: (words) => ['npm', 'search', words],
  audit: ['npm', 'audit'],
});

const bunDialect = (registry: string): Dialect => ({
  view: (spec) => ['info', spec],
  add: (specs) => ['add', ...specs],
  install: ['install'],
  frozen: ['install', '--frozen-lockfile'],
  publish: ['publish'],
  login: { args: ['login', '--registry', registry], prompts: [] },
  whoami: ['pm', 'whoami', '--registry', registry],
  tagAdd: (spec, tag) => ['dist-tag', 'add', spec, tag],
  tagList: (name) => ['dist-tag', 'ls', name],
  tagRemove: (name, tag) => ['dist-tag', 'rm', name, tag],
  deprecate: (spec, message) => ['deprecate', spec, message],
  undeprecate: (spec) => ['deprecate', spec, ''],
  search: (words) => ['search', words],
  audit: ['audit', '--registry', registry],
});
