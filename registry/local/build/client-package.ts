// Owns progy as a registry ships it: built once for each state of its sources, and packed for the registry's address.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { CLIENT, HOME_REGISTRY } from '@progy/protocol/client/progy-command.ts';
import { SHIPPED_FACTS, SHIPPED_TARBALL, type ShippedClient } from '@progy/protocol/client/shipped-client.ts';
import { pack } from 'tar-stream';
import { builtOnce } from './built-once.ts';
import { ROOT } from './wrangler.ts';

const run = promisify(execFile);

const CODE = ['cli', 'protocol'];
/** The scripts that install it. */
const SCRIPTS = 'registry/web/install';
/** Sources of what is shipped. */
export const CLIENT_SOURCES = [
  ...CODE,
  SCRIPTS,
  'node_modules/.package-lock.json',
  'package-lock.json',
  'tsconfig.json',
];
const BUILT_AT = 'built-at.txt';
const PACKAGE = 'package';
/** npm's own time for every entry. */
const MTIME = new Date('1985-10-26T08:15:00.000Z');

/** What is shipped beside a Worker, by file name. */
export type ShippedFiles = Readonly<Record<string, Uint8Array>>;

interface PackedFile {
  /** Path in the package, with slashes. */
  path: string;
  bytes: Uint8Array;
}

/**
 * The files that a registry ships: progy's package and the facts about it. The same sources and address give the same bytes.
 * @param origin of the registry, which progy asks unless it is told another.
 */
export async function shippedFiles(origin: string): Promise<ShippedFiles> {
  const folder = await built();
  const files = await readPackage(join(folder, PACKAGE), origin);
  const tarball = gzipSync(await tarOf(files), { level: 9 });
  const builtAt = await readFile(join(folder, BUILT_AT), 'utf8');
  const facts = JSON.stringify(factsOf(files, tarball, builtAt));
  return { [SHIPPED_TARBALL]: tarball, [SHIPPED_FACTS]: new TextEncoder().encode(facts), ...(await readScripts()) };
}

/** Writes the files of progy's package, for a registry's origin, to a folder. */
export async function writePackage(to: string, origin: string): Promise<void> {
  for (const { path, bytes } of await readPackage(join(await built(), PACKAGE), origin)) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await writeFile(join(to, path), bytes);
  }
}

function built(): Promise<string> {
  return builtOnce({ name: 'client', sources: CLIENT_SOURCES, also: process.env.SOURCE_DATE_EPOCH, build });
}

async function readScripts(): Promise<ShippedFiles> {
  const names = await readdir(join(ROOT, SCRIPTS));
  const scripts = names.map(async (name) => [name, await readFile(join(ROOT, SCRIPTS, name))] as const);
  return Object.fromEntries(await Promise.all(scripts));
}

async function build(folder: string): Promise<void> {
  await run(process.execPath, [join(ROOT, 'cli/build.ts'), join(folder, PACKAGE)], { cwd: ROOT });
  await writeFile(join(folder, BUILT_AT), (await lastChange()).toISOString());
}

/** SOURCE_DATE_EPOCH, which reproducible builds go by; else the last commit of the sources; outside git the newest file. */
async function lastChange(): Promise<Date> {
  const said = process.env.SOURCE_DATE_EPOCH;
  if (said) return new Date(Number(said) * 1_000);
  const log = ['log', '-1', '--format=%cI', '--', ...CODE, 'package-lock.json'];
  const committed = await run('git', log, { cwd: ROOT }).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return committed === '' ? newestFile() : new Date(committed);
}

async function newestFile(): Promise<Date> {
  const listed = await Promise.all(CODE.map((code) => readdir(join(ROOT, code), { recursive: true })));
  const paths = CODE.flatMap((code, index) => (listed[index] ?? []).map((path) => join(ROOT, code, path)));
  const times = paths.filter((path) => !path.includes('node_modules')).map(async (path) => (await stat(path)).mtimeMs);
  return new Date((await Promise.all(times)).reduce((newest, time) => Math.max(newest, time), 0));
}

/** All files in the order of their paths, package.json first as npm packs it. */
async function readPackage(folder: string, origin: string): Promise<PackedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'));
  const sorted = ['package.json', ...paths.filter((path) => path !== 'package.json').sort()];
  return Promise.all(sorted.map(async (path) => ({ path, bytes: await readForOrigin(folder, path, origin) })));
}

/** The built code asks the registry that serves it. */
async function readForOrigin(folder: string, path: string, origin: string): Promise<Uint8Array> {
  const bytes = await readFile(join(folder, path));
  if (!path.startsWith('dist/')) return bytes;
  return new TextEncoder().encode(bytes.toString('utf8').replaceAll(HOME_REGISTRY, origin));
}

async function tarOf(files: readonly PackedFile[]): Promise<Buffer> {
  const tar = pack();
  for (const { path, bytes } of files) {
    const mode = path === 'progy.js' ? 0o755 : 0o644;
    tar.entry({ name: `package/${path}`, size: bytes.length, mode, mtime: MTIME }, Buffer.from(bytes));
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar as AsyncIterable<unknown> as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function factsOf(files: readonly PackedFile[], tarball: Uint8Array, builtAt: string): ShippedClient {
  const { name: _, ...manifest } = JSON.parse(Buffer.from(files[0]?.bytes ?? []).toString('utf8'));
  return {
    manifest: { name: CLIENT.full, ...manifest },
    builtAt,
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    shasum: createHash('sha1').update(tarball).digest('hex'),
    size: tarball.length,
    fileCount: files.length,
    unpackedSize: files.reduce((total, { bytes }) => total + bytes.length, 0),
  };
}
