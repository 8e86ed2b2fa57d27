import { deflateRawSync } from 'node:zlib';
import t from 'tap';
import { courseZip } from '../../../fixtures/archives.ts';
import {
  buildZip,
  descriptor,
  type EntrySpec,
  extraField,
  unicodePathField,
  zip64Field,
} from '../../../fixtures/zip-builder.ts';
import { nodePlatform } from '../../bytes/node-platform.ts';
import { type ArtifactSource, bytesSource, openProgyFile } from '../../zip/progy-file.ts';
import { readAll } from '../helpers/files.ts';

const open = (bytes: Uint8Array) => openProgyFile(bytesSource(bytes), nodePlatform);

t.test('entries are files in the order of the archive; folders are left out', async (t) => {
  const folders = [
    { name: 'zebra/', mode: 0o040755 },
    { name: 'shared/', mode: 0o042775 },
    { name: 'by-dos/', central: { host: 0, externalAttributes: 0x10 } },
    { name: 'deflated/', mode: 0o040755, data: deflateRawSync('') },
  ];
  const opened = await open(courseZip([...folders, { name: 'b', content: 'bb' }, { name: 'a' }]));
  const paths = ['course.json', 'content/01_start/README.md', 'b', 'a'];
  t.same(
    opened.entries.map(({ path }) => path),
    paths,
  );
  t.same(opened.entries[2], { path: 'b', mode: '100644', size: 2 });
  t.same((await readAll(opened.files())).length, 4, 'and reading passes over them');
});

t.test('any right to execute makes a file executable, and no other bit stays', async (t) => {
  const table: [Partial<EntrySpec>, string][] = [
    [{ mode: 0o100755 }, '100755'],
    [{ mode: 0o100700 }, '100755'],
    [{ mode: 0o100001 }, '100755'],
    [{ mode: 0o755 }, '100755'],
    [{ mode: 0o100666 }, '100644'],
    [{ mode: 0o100000 }, '100644'],
    [{ mode: 0 }, '100644'],
    [{ mode: 0o100755, central: { host: 10 } }, '100755'],
    [{ central: { host: 0, externalAttributes: 0x20 } }, '100644'],
  ];
  for (const [entry, mode] of table) {
    const opened = await open(courseZip([{ name: 'x', ...entry }]));
    t.equal(opened.entries.at(-1)?.mode, mode, JSON.stringify(entry));
  }
});

t.test('unusual but clear archives are accepted', async (t) => {
  const x: EntrySpec = { name: 'x', content: 'content of x' };
  const stored = { ...x, store: true };
  const open8 = { flags: 0x808, crc: 0, size: 0, compressedSize: 0 };
  const described = (entry: EntrySpec, signed: boolean, wide: boolean): EntrySpec => {
    return { ...entry, local: open8, central: { flags: 0x808 }, after: descriptor(entry, { signed, wide }) };
  };
  const repeated = zip64Field(stored.content?.length ?? 0, stored.content?.length ?? 0);
  const archives: Record<string, Uint8Array> = {
    'a comment': courseZip([x], { comment: Buffer.from('made with love, PKZIP and PK') }),
    'zip64 records whose values were not needed': courseZip([x], { zip64: {} }),
    'all ones in the end record': courseZip([x], { zip64: {}, end: { entries: 0xffff, offset: 2 ** 32 - 1 } }),
    'zip64 fields that repeat the sizes': courseZip([{ ...stored, localExtra: repeated, centralExtra: repeated }]),
    'a zip64 field that names the first disk': courseZip([{ ...x, centralExtra: extraField(1, Buffer.alloc(4)) }]),
    'a Unicode path that repeats the name': courseZip([{ ...x, centralExtra: unicodePathField('x', 'x') }]),
    'unknown extra fields': courseZip([{ ...x, localExtra: extraField(0x5455, Buffer.alloc(5)) }]),
    'no UTF-8 flag': courseZip([{ ...x, name: 'é', local: { flags: 0 }, central: { flags: 0 } }]),
    'a descriptor, signed': courseZip([described(x, true, false)]),
    'a descriptor, unsigned': courseZip([described(x, false, false)]),
    'a wide descriptor, signed': courseZip([described(x, true, true)]),
    'a wide descriptor, unsigned': courseZip([described(x, false, true)]),
    'a stored entry with a descriptor': courseZip([described(stored, true, false)]),
    'a zip in a zip': courseZip([
      { name: 'x', content: courseZip([], { comment: Buffer.from('inner') }), store: true },
    ]),
    'a directory in another order': reordered(),
    'names that look like something else': courseZip(
      ['%2e%2e', '~', '$HOME', '-rf', '__proto__', 'package/x'].map((name) => ({ name })),
    ),
  };
  for (const [title, bytes] of Object.entries(archives)) {
    await t.resolves(
      open(bytes).then((opened) => readAll(opened.files())),
      title,
    );
  }
});

t.test('a course without course.json or content is INVALID_COURSE and says what was found', async (t) => {
  const content = { name: 'content/x' };
  const table: [EntrySpec[], object][] = [
    [[content], { path: 'course.json', found: undefined }],
    [[content, { name: 'my-course/course.json' }], { path: 'course.json', found: 'my-course/course.json' }],
    [[content, { name: 'Course.json' }], { path: 'course.json', found: 'Course.json' }],
    [[{ name: 'course.json' }], { path: 'content/' }],
    [[{ name: 'course.json' }, { name: 'content/', mode: 0o040755 }], { path: 'content/' }],
    [[{ name: 'course.json' }, { name: 'content' }], { path: 'content/' }],
    [[], { path: 'course.json' }],
  ];
  for (const [entries, evidence] of table) {
    const names = entries.map((entry) => entry.name).join(', ');
    await t.rejects(open(buildZip(entries)), { code: 'INVALID_COURSE', evidence }, names);
  }
});

t.test('an artifact over 100 MiB is not even looked at', async (t) => {
  const source: ArtifactSource = { ...bytesSource(new Uint8Array(0)), size: 100 * 2 ** 20 + 1 };
  source.read = () => t.fail('is read') as never;
  await t.rejects(openProgyFile(source, nodePlatform), {
    code: 'PAYLOAD_TOO_LARGE',
    evidence: { limit: 100 * 2 ** 20 },
  });
});

/** The same archive with the first two central headers swapped. */
function reordered(): Uint8Array {
  const zip = Buffer.from(courseZip());
  const first = zip.indexOf('PK\x01\x02');
  const second = zip.indexOf('PK\x01\x02', first + 1);
  const end = zip.length - 22;
  return Buffer.concat([
    zip.subarray(0, first),
    zip.subarray(second, end),
    zip.subarray(first, second),
    zip.subarray(end),
  ]);
}
