// Owns a term with a course: a small registry with its versions, and a student who has started one of them.
import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Course, parseCourse } from '@progy/protocol/course/course.ts';
import { type CourseFile, comparePaths } from '@progy/protocol/course/course-files.ts';
import { listedKey, makeKeyPair, type Signature, signedMessage, signMessage } from '@progy/protocol/wire/signature.ts';
import { KEYS_PATH, packumentPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import type { Test } from 'tap';
import * as init from '../../commands/init.ts';
import * as update from '../../commands/update.ts';
import type { Context } from '../../context.ts';
import type { UpdateOptions } from '../../usage/update.ts';
import { testContext } from './context.ts';
import { PUBLISHED_AT, sending, type Tarball, tarballOf } from './course-server.ts';
import { answer, type FaultServer, serveFaults } from './fault-server.ts';

export const NAME = '@diego/term';

/** Contents by path; an executable one begins with `#!`. */
export type Files = Readonly<Record<string, string | Buffer>>;

export interface Release {
  readonly version: string;
  readonly files: Files;
  readonly deprecated?: string;
  readonly yanked?: string;
  /** The versions of progy that it asks for. */
  readonly engine?: string;
}

/** A course's registry. Releases may be added at any time. */
export interface TermRegistry extends FaultServer {
  publish(release: Release): Promise<void>;
  note(version: string, notes: Pick<Release, 'deprecated' | 'yanked'>): void;
}

interface Published extends Release {
  readonly tarball: Tarball;
  readonly signatures: readonly Signature[];
}

/** A small registry with one course, until the test ends. */
export async function termRegistry(t: Test, ...releases: Release[]): Promise<TermRegistry> {
  const published = new Map<string, Published>();
  const pair = await makeKeyPair();
  const keys = [await listedKey(pair.publicKey, null)];
  const server = await serveFaults((request, response) => {
    const { name } = courseOf('1.0.0');
    const origin = `http://${request.headers.host}`;
    if (request.url === packumentPath(name)) return answer(200, packument(published, origin))(request, response);
    if (request.url === KEYS_PATH) return answer(200, { keys }, { 'cache-control': 'max-age=3600' })(request, response);
    const found = [...published.values()].find(({ version }) => request.url === pathOf(version));
    return found ? sending(found.tarball.bytes)(request, response) : answer(404, {})(request, response);
  });
  t.teardown(() => server.close());
  const registry: TermRegistry = {
    ...server,
    async publish(release) {
      const tarball = await tarballFor(release);
      const signed = await signMessage(signedMessage(NAME, release.version, tarball.integrity), pair);
      published.set(release.version, { ...release, tarball, signatures: [signed] });
    },
    note(version, notes) {
      const found = published.get(version);
      if (found) published.set(version, { ...found, ...notes });
    },
  };
  for (const release of releases) await registry.publish(release);
  return registry;
}

function courseOf(version: string, text = JSON.stringify({ name: NAME, version })): Course {
  return parseCourse(new TextEncoder().encode(text));
}

function pathOf(version: string): string {
  const course = courseOf(version);
  return tarballPath(course.name, course.version);
}

/** course.json comes with each release, unless it has its own. */
async function tarballFor({ version, files }: Release): Promise<Tarball> {
  const all: Files = { 'course.json': `${JSON.stringify({ name: NAME, version }, null, 2)}\n`, ...files };
  async function* contents(): AsyncIterable<CourseFile> {
    for (const path of Object.keys(all).sort(comparePaths)) {
      const bytes = Buffer.from(all[path] ?? '');
      const mode = bytes.subarray(0, 2).toString() === '#!' ? '100755' : '100644';
      yield {
        path,
        mode,
        size: bytes.length,
        content: (async function* () {
          yield bytes;
        })(),
      };
    }
  }
  return tarballOf(courseOf(version, String(all['course.json'])), contents());
}

function packument(published: ReadonlyMap<string, Published>, origin: string): object {
  const manifests = [...published.values()].map(({ version, tarball, signatures, deprecated, yanked, engine }) => {
    const { integrity, tree } = tarball;
    const dist = { tarball: origin + pathOf(version), integrity, signatures, progy: { tree } };
    const notes = { ...(deprecated ? { deprecated } : {}), ...(yanked ? { yanked } : {}) };
    return [version, { name: NAME, version, dist, ...(engine ? { progy: { engine } } : {}), ...notes }];
  });
  const versions = [...published.keys()];
  const time = versions.map((version) => [version, PUBLISHED_AT]);
  return {
    name: NAME,
    'dist-tags': { latest: versions.at(-1) },
    versions: Object.fromEntries(manifests),
    time: Object.fromEntries(time),
  };
}

/** A student in the folder of their course. */
export interface Student {
  /** Absolute path of the course. */
  readonly folder: string;
  readonly context: Context & { readonly talk: { readonly warnings: string[]; readonly answers: string[] } };
  write(files: Readonly<Record<string, string | Buffer | null>>): Promise<void>;
  read(path: string): Promise<string>;
  git(...args: string[]): string;
  commit(message: string): void;
  update(options?: UpdateOptions): Promise<update.UpdateResult>;
}

const IDENTITY = { name: 'Ana', email: 'ana@example.com' };

/** Starts the course, with a repository or without. */
export async function student(
  t: Test,
  { url }: { url: string },
  options: { spec?: string; git?: boolean; config?: string; root?: string; dir?: string } = {},
): Promise<Student> {
  const outer = await testContext(options.root ?? t.testdir({}), { env: { PROGY_REGISTRY: url } });
  const config = `[user]\nname = ${IDENTITY.name}\nemail = ${IDENTITY.email}\n${options.config ?? ''}`;
  await writeFile(join(outer.home, '.gitconfig'), config);
  await init.run(
    { spec: options.spec ?? `${NAME}@1.0.0`, dir: options.dir ?? 'course', git: options.git ?? true },
    outer,
  );
  const folder = join(outer.cwd, options.dir ?? 'course');
  const context = { ...outer, cwd: folder };
  return { folder, context, ...handsOn(folder, context) };
}

function handsOn(folder: string, context: Context): Omit<Student, 'folder' | 'context'> {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      env: { ...context.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  return {
    git,
    async write(files) {
      for (const [path, content] of Object.entries(files)) await writeOne(join(folder, path), content);
    },
    read: (path) => readFile(join(folder, path), 'utf8'),
    commit(message) {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', message);
    },
    update: (options = {}) => update.run({ yes: true, ...options }, context),
  };
}

async function writeOne(path: string, content: string | Buffer | null): Promise<void> {
  if (content === null) return rm(path, { recursive: true });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  if (content.toString('latin1', 0, 2) === '#!') await chmod(path, 0o755);
}

/** A student with 1.0.0 of these files and an exercise, and the way to publish more. */
export async function began(t: Test, files: Files, options: Parameters<typeof student>[2] = {}) {
  const exercise = { 'content/a/b/README.md': '# B\n' };
  const registry = await termRegistry(t, { version: '1.0.0', files: { ...exercise, ...files } });
  const ana = await student(t, registry, options);
  const publish = (version: string, next: Files) => registry.publish({ version, files: { ...exercise, ...next } });
  return { registry, ana, publish };
}

/** All that going back promises to bring back. */
export async function stateOf({ folder, git }: Student) {
  const [status, head, staged] = [
    git('status', '--porcelain=v2'),
    git('rev-parse', 'HEAD'),
    git('ls-files', '--stage'),
  ];
  return { tree: await treeAt(folder), status, head, staged };
}

/** Lines with numbers, some of them changed. */
export function lines(from: number, to: number, changed: Record<number, string> = {}): string {
  const numbers = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  return numbers.map((number) => `${changed[number] ?? `line ${number}`}\n`).join('');
}

/** Everything in a folder: contents as latin1 by path, with the exec bit, links with their targets; repositories left out. */
export async function treeAt(folder: string, below = ''): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (path === '.git' || path === '.progy/backup') continue;
    const absolute = join(folder, path);
    if (entry.isDirectory()) Object.assign(found, await treeAt(folder, path));
    else if (entry.isSymbolicLink()) found[path] = `-> ${await readlink(absolute)}`;
    else
      found[path] = `${((await lstat(absolute)).mode & 0o100) !== 0 ? 'x' : '-'} ${await readFile(absolute, 'latin1')}`;
  }
  return found;
}
