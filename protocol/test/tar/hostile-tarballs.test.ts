import { gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { buildTarball, paxHeader, type TarEntrySpec } from '../../../fixtures/tar-builder.ts';
import { sha256Hex } from '../../bytes/integrity.ts';
import { nodePlatform } from '../../bytes/node-platform.ts';
import { treeHash } from '../../course/tree-hash.ts';
import { readTarball } from '../../tar/tarball.ts';
import { inPieces, readAll } from '../helpers/files.ts';

interface Listed {
  path: string;
  mode: '100644' | '100755';
  size: number;
  sha256: string;
  stored?: string;
}

const MANIFEST: TarEntrySpec = { name: 'package/package.json', content: '{}' };
const FILES: TarEntrySpec[] = [
  { name: 'package/course.json', content: '{}' },
  { name: 'package/content/x', content: 'content of x' },
];

function listed({ name, content = '', mode = 0o644 }: TarEntrySpec): Listed {
  const path = String(name).replace('package/', '');
  const sha256 = sha256Hex(Buffer.from(content), nodePlatform);
  return { path, mode: mode === 0o755 ? '100755' : '100644', size: Buffer.from(content).length, sha256 };
}

/** An honest files.json for some entries, or one that lies. */
function fileList(files: TarEntrySpec[], lie: Record<string, unknown> = {}): TarEntrySpec {
  const entries = files.map(listed);
  const list = { format: 1, name: '@d/r', version: '1.0.0', tree: treeHash(entries, nodePlatform), files: entries };
  return { name: 'package/.progy/files.json', content: JSON.stringify({ ...list, ...lie }) };
}

/** A tarball with more files, all of them listed as they are. */
const withFiles = (...more: TarEntrySpec[]) => [MANIFEST, ...FILES, ...more, fileList([...FILES, ...more])];
/** A tarball whose list says something else about the last file. */
const lyingAbout = (lie: Partial<Listed>) => {
  const files = FILES.map(listed).map((file, i) => (i === 1 ? { ...file, ...lie } : file));
  return [MANIFEST, ...FILES, fileList(FILES, { files })];
};

const read = (bytes: Uint8Array) => readAll(readTarball(inPieces(bytes, 700), nodePlatform));

const NOT_A_FILE = /is not a regular file/;
const ELSEWHERE = /is not where course files belong/;
const NOT_LISTED = /does not match the list of files/;
const UNREADABLE_LIST = /has a list of files that cannot be read/;

const HOSTILE: [string, RegExp, TarEntrySpec[]][] = [
  ['a path that leaves the folder', /leaves the course folder/, withFiles({ name: 'package/../evil' })],
  ['an absolute path', ELSEWHERE, withFiles({ name: '/etc/passwd' })],
  ['another top folder', ELSEWHERE, withFiles({ name: 'evil/x' })],
  [
    'a path that leaves it by a pax header',
    /leaves the course folder/,
    [paxHeader({ path: 'package/../evil' }), ...withFiles()],
  ],
  [
    'a stored path that leaves the folder',
    /leaves the course folder/,
    withFiles({ name: 'package/.progy/stored/../.gitignore.stored' }),
  ],
  ['a pax header with a size', /has a strange header/, [paxHeader({ size: '2' }), ...withFiles()]],
  ['a pax header with a link', /has a strange header/, [paxHeader({ linkpath: '/etc/passwd' }), ...withFiles()]],
  ['a stored file that needs no storing', ELSEWHERE, withFiles({ name: 'package/.progy/stored/x.stored' })],
  ['a binding.gyp under its own name', ELSEWHERE, withFiles({ name: 'package/binding.gyp' })],
  ['a .gitignore under its own name', ELSEWHERE, withFiles({ name: 'package/content/.gitignore' })],
  ['an unknown file in .progy', /reserved for the registry/, withFiles({ name: 'package/.progy/evil' })],
  ['a git repository', /git would treat it as a repository/, withFiles({ name: 'package/.git/config' })],
  ['node_modules', /packages are installed/, withFiles({ name: 'package/node_modules/x/index.js' })],
  ['a hard link', NOT_A_FILE, withFiles({ name: 'package/x', type: '1', linkName: 'package/course.json' })],
  ['a symbolic link', NOT_A_FILE, withFiles({ name: 'package/x', type: '2', linkName: '/etc/passwd' })],
  ['a character device', NOT_A_FILE, withFiles({ name: 'package/x', type: '3' })],
  ['a block device', NOT_A_FILE, withFiles({ name: 'package/x', type: '4' })],
  ['a folder', NOT_A_FILE, withFiles({ name: 'package/x', type: '5' })],
  ['a FIFO', NOT_A_FILE, withFiles({ name: 'package/x', type: '6' })],
  ['an unknown type', NOT_A_FILE, withFiles({ name: 'package/x', type: 'Z' })],
  ['a setuid file', /has a mode that course files cannot have/, withFiles({ name: 'package/x', mode: 0o4755 })],
  [
    'a file for all to write',
    /has a mode that course files cannot have/,
    withFiles({ name: 'package/x', mode: 0o666 }),
  ],
  ['the same file twice', /appears twice/, withFiles(FILES[1] as TarEntrySpec)],
  ['two manifests', /appears twice/, [MANIFEST, ...withFiles()]],
  ['two files that are one on some systems', /is the same file as/, withFiles({ name: 'package/content/X' })],
  ['no list of files', /has no list of files/, [MANIFEST, ...FILES]],
  ['nothing at all', /has no list of files/, []],
  ['a list that is not JSON', UNREADABLE_LIST, [MANIFEST, { name: 'package/.progy/files.json', content: '{' }]],
  ['a list of another format', UNREADABLE_LIST, [MANIFEST, ...FILES, fileList(FILES, { format: 2 })]],
  ['a list with a field too many', UNREADABLE_LIST, [MANIFEST, ...FILES, fileList(FILES, { evil: 1 })]],
  ['a list of 17 MB', /is too large/, [MANIFEST, { name: 'package/.progy/files.json', size: 17 * 2 ** 20 }]],
  ['20,004 entries', /has too many entries/, Array.from({ length: 20_004 }, (_, i) => ({ name: `package/${i}` }))],
  ['a file after the list', /has an entry after its list/, [...withFiles(), { name: 'package/x' }]],
  ['a second list', /has an entry after its list/, [...withFiles(), fileList(FILES)]],
  ['a file that is not listed', NOT_LISTED, [MANIFEST, ...FILES, { name: 'package/x' }, fileList(FILES)]],
  ['a listed file that is missing', /is missing/, [MANIFEST, ...FILES.slice(0, 1), fileList(FILES)]],
  ['another content than listed', NOT_LISTED, lyingAbout({ sha256: 'a'.repeat(64) })],
  ['another size than listed', NOT_LISTED, lyingAbout({ size: 3 })],
  ['another mode than listed', NOT_LISTED, lyingAbout({ mode: '100755' })],
  ['another path than listed', NOT_LISTED, lyingAbout({ path: 'content/y' })],
  ['another stored name than listed', NOT_LISTED, lyingAbout({ stored: '.progy/stored/content/x.stored' })],
  [
    'another tree hash than listed',
    /has a different tree hash/,
    [MANIFEST, ...FILES, fileList(FILES, { tree: 'a'.repeat(64) })],
  ],
];

t.test('the tarball that the others are made of is sound', async (t) => {
  t.same(
    (await read(buildTarball(withFiles()))).map(({ path }) => path),
    ['content/x', 'course.json'],
  );
});

t.test('a large manifest is passed over', async (t) => {
  const large = { ...MANIFEST, content: Buffer.alloc(300_000, ' ') };
  t.equal((await read(buildTarball([large, ...FILES, fileList(FILES)]))).length, 2);
});

for (const [title, because, entries] of HOSTILE) {
  t.test(`${title}: INVALID_ARTIFACT`, async (t) => {
    await t.rejects(read(buildTarball(entries)), { code: 'INVALID_ARTIFACT', message: because });
  });
}

t.test('damaged bytes are INVALID_ARTIFACT', async (t) => {
  const sound = Buffer.from(buildTarball(withFiles({ name: 'package/large', content: Buffer.alloc(300_000, 'x') })));
  const tar = gunzipSync(sound);
  const flipped = Buffer.from(sound);
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
  const table: Record<string, Uint8Array> = {
    empty: new Uint8Array(0),
    'no gzip': tar,
    'no tar': gzipSync('progy '.repeat(1_000)),
    'gzip cut off': sound.subarray(0, -100),
    'gzip without its trailer': sound.subarray(0, -8),
    'tar cut off in a header': gzipSync(tar.subarray(0, 700)),
    'tar cut off in a content': gzipSync(tar.subarray(0, 200_000)),
    'one bit flipped': flipped,
    'a wrong checksum in a header': gzipSync(Buffer.concat([Buffer.from('y'), tar.subarray(1)])),
  };
  for (const [title, bytes] of Object.entries(table)) await t.rejects(read(bytes), { code: 'INVALID_ARTIFACT' }, title);
});
