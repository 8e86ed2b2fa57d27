// Owns the stand on which programs are measured: a registry and a git server with one course, links to both, and the packed CLI.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loginPath } from '@progy/protocol/wire/urls.ts';
import { type RunningRegistry, startRegistry } from '../../../fixtures/start-registry.ts';
import { COURSE, makeRepository, writeCourse } from './course.ts';
import { serveGit } from './git-server.ts';
import { Link, type Shape } from './link.ts';
import { NPM, type Places } from './programs.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

export interface Stand {
  readonly places: Places;
  /** A token of the account that published the course. */
  readonly token: string;
  /** Absolute path of an empty folder, for trials. */
  readonly folder: string;
  /** HTTP requests that the registry got so far. */
  requests(): number;
  shape(shape: Shape | undefined): void;
  close(): Promise<void>;
}

/** @param parent folder to make everything in. */
export async function openStand(parent: string): Promise<Stand> {
  const root = await mkdtemp(join(parent, 'progy-bench-'));
  const folders = await makeFolders(root);
  await writeCourse(folders.files);
  const [progy] = await Promise.all([installCli(folders.cli), makeRepository(join(folders.git, 'course.git'))]);
  const git = await serveGit(folders.git);
  let port = 0;
  const links = { registry: await Link.open(() => port), git: await Link.open(() => git.port) };
  // The registry has to know the address at which it is seen, for the tarballs.
  const origin = `http://127.0.0.1:${links.registry.port}`;
  const registry = await startRegistry({ vars: { PUBLIC_ORIGIN: origin } });
  port = Number(new URL(registry.url).port);
  const token = await publishCourse(registry, progy, folders.files);
  const tarball = await tarballOf(origin);
  return {
    places: {
      registry: origin,
      tarball,
      git: `git://127.0.0.1:${links.git.port}/course.git`,
      progy,
      files: folders.files,
    },
    token,
    folder: folders.trials,
    requests: () => links.registry.requests,
    shape(shape) {
      for (const link of Object.values(links)) link.shape = shape;
    },
    async close() {
      await Promise.all([links.registry.close(), links.git.close(), git.stop(), registry.stop()]);
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function makeFolders(root: string) {
  const names = ['files', 'cli', 'git', 'trials'] as const;
  const folders = names.map((name) => [name, join(root, name)] as const);
  for (const [, folder] of folders) await mkdir(folder);
  return Object.fromEntries(folders) as Record<(typeof names)[number], string>;
}

/** Packs the CLI and installs it, without any other package. Answers where its progy.js is. */
async function installCli(folder: string): Promise<string> {
  await run(process.execPath, [NPM, 'pack', '--workspace', 'cli', '--pack-destination', folder], { cwd: ROOT });
  const [tarball = ''] = await readdir(folder);
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const quietly = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run(process.execPath, [NPM, 'install', ...quietly, join(folder, tarball)], { cwd: folder });
  return join(folder, 'node_modules/@progy/cli/progy.js');
}

async function publishCourse({ url }: RunningRegistry, progy: string, files: string): Promise<string> {
  const name = COURSE.name.slice(1).split('/')[0] ?? '';
  const response = await fetch(url + loginPath(name), {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password: 'a-password-of-the-bench', type: 'user' }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`The account ${name} could not be made: ${response.status}`);
  const env = { ...process.env, PROGY_REGISTRY: url, PROGY_TOKEN: token };
  await run(process.execPath, [progy, 'publish', '--json'], { cwd: files, env });
  return token;
}

async function tarballOf(origin: string): Promise<string> {
  const manifest = await fetch(`${origin}/${COURSE.name}/${COURSE.version}`);
  const { dist } = (await manifest.json()) as { dist: { tarball: string } };
  return dist.tarball;
}
