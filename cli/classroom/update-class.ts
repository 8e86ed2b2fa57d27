// Owns moving a class to other versions: package.json and every lockfile, all or none.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { openCache } from '../registry/cache.ts';
import { chooseRegistry } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { checkSignature } from '../registry/signature.ts';
import { createCourseSource } from '../registry/source.ts';
import type { CourseSpec } from '../registry/spec.ts';
import type { ClassFolder } from './class-folder.ts';
import { type CourseNews, newsBetween } from './class-news.ts';
import type { Manager } from './lockfiles/locked-course.ts';
import { isYarn1 } from './lockfiles/yarn.ts';
import { checkPinned, lockfilesIn, pinnedIn } from './pinned-course.ts';
import { managerVersion, writeLockfile } from './run-manager.ts';

/** A course, or progy itself, that the class moves. */
export interface Move extends CourseNews {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

const NO_NEWS: CourseNews = { changelogs: [], added: [], removed: [] };

/** What could move, according to the registry, among what was asked for. @param specs none: everything, to `latest`. */
export async function findMoves(
  { folder, courses }: ClassFolder,
  specs: readonly CourseSpec[],
  context: Context,
): Promise<Move[]> {
  const wanted =
    specs.length > 0 ? specs : courses.map(({ name }): CourseSpec => ({ name, wanted: 'latest', kind: 'range' }));
  const all = [...wanted, { name: CLIENT, wanted: 'latest', kind: 'range' } as const];
  const moves = [];
  for (const spec of all) {
    const pinned = await pinnedIn(spec.name, folder);
    if (pinned === undefined && spec.name.full !== CLIENT.full)
      throw new CliError(
        'NOT_IN_A_CLASS',
        `This class does not pin ${spec.name.full}`,
        'Add it with your package manager first.',
      );
    const move = pinned && (await findMove(spec, pinned.version, folder, context));
    if (move !== undefined) moves.push(move);
  }
  return moves;
}

async function findMove(spec: CourseSpec, from: string, folder: string, context: Context): Promise<Move | undefined> {
  const { signal } = context;
  const { name } = spec;
  const registry = await chooseRegistry({ ...context, cwd: folder }, undefined, name.scope);
  const source = createCourseSource(registry, { cache: await openCache(context) }, signal);
  const { version } = await source.resolve(spec);
  if (version === from) return undefined;
  const client = createRegistryClient(registry, signal);
  const news = name.full === CLIENT.full ? NO_NEWS : await newsBetween(client, name, from, version);
  return { name: name.full, from, to: version, ...news };
}

/**
 * Writes the new versions, lets each package manager of the class write its lockfile, and checks what they wrote. If
 * anything fails, all files are as before.
 * @throws {CliError} MANAGER_FAILED, LOCKFILE_MISMATCH, SIGNATURE.
 */
export async function makeMoves(
  { folder, courses }: ClassFolder,
  moves: readonly Move[],
  context: Context,
): Promise<void> {
  const lockfiles = await lockfilesIn(folder);
  const manifest = join(folder, 'package.json');
  const before = [{ path: manifest, text: await readFile(manifest, 'utf8') }, ...lockfiles];
  try {
    await writeFile(manifest, withVersions(before[0]?.text ?? '', moves));
    for (const manager of managersOf(lockfiles)) {
      await managerVersion(manager, folder, context);
      await writeLockfile(manager, folder, context);
    }
    const moved = courses.filter(({ name }) => moves.some((move) => move.name === name.full));
    for (const { name } of moved) await checkMoved(name, moves, folder, context);
  } catch (error) {
    for (const { path, text } of before) await writeFile(path, text);
    throw error;
  }
}

/** npm's two lockfiles have one writer. */
function managersOf(lockfiles: readonly { fileName: string; text: string }[]): Manager[] {
  const managers = lockfiles.map(({ fileName, text }): Manager => {
    if (fileName === 'pnpm-lock.yaml') return 'pnpm';
    if (fileName === 'bun.lock') return 'bun';
    if (fileName === 'yarn.lock') return isYarn1(text) ? 'yarn1' : 'yarn';
    return 'npm';
  });
  return [...new Set(managers)];
}

/** The text of a package.json with other versions, indented as it was. */
function withVersions(text: string, moves: readonly Move[]): string {
  const manifest = JSON.parse(text);
  for (const field of ['dependencies', 'devDependencies']) {
    for (const { name, to } of moves) if (manifest[field]?.[name] !== undefined) manifest[field][name] = to;
  }
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ';
  return `${JSON.stringify(manifest, null, indent)}\n`;
}

async function checkMoved(
  name: CourseSpec['name'],
  moves: readonly Move[],
  folder: string,
  context: Context,
): Promise<void> {
  const to = moves.find((move) => move.name === name.full)?.to ?? '';
  const registry = await chooseRegistry({ ...context, cwd: folder }, undefined, name.scope);
  const cache = await openCache(context);
  const source = createCourseSource(registry, { cache }, context.signal);
  const course = await source.resolve({ name, wanted: to, kind: 'version' });
  await checkSignature(course, await createRegistryClient(registry, context.signal).keys(), registry.label);
  const pinned = await pinnedIn(name, folder, to);
  if (pinned?.version !== to)
    throw new CliError('LOCKFILE_MISMATCH', `The package manager did not lock ${name.full} ${to}`);
  await checkPinned(course, pinned, source, registry.label);
}
