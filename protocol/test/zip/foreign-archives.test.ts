import { randomBytes } from 'node:crypto';
import t from 'tap';
import { FOREIGN_WRITERS, type PlainEntry } from '../../../fixtures/foreign-archives.ts';
import { nodePlatform } from '../../bytes/node-platform.ts';
import { bytesSource, openProgyFile } from '../../zip/progy-file.ts';
import { readAll } from '../helpers/files.ts';

const text = (content: string) => new Uint8Array(Buffer.from(content));

/** The contents of real courses: text, binaries, a large file of each kind, nothing at all, names beyond ASCII, a script. */
const ENTRIES: PlainEntry[] = [
  { path: 'course.json', content: text('{"name":"@diego/rust-mastery","version":"1.0.0"}'), mode: 0o644 },
  { path: 'content/01_start/README.md', content: text('# Start\n'.repeat(500)), mode: 0o644 },
  { path: 'content/02_naïveté/日本語.md', content: text('読む\n'), mode: 0o644 },
  { path: 'content/02_naïveté/🦀.rs', content: text('fn main() {}\n'), mode: 0o644 },
  { path: 'runner/check.sh', content: text('#!/bin/sh\n'), mode: 0o755 },
  { path: 'assets/empty', content: text(''), mode: 0o644 },
  { path: 'assets/noise.bin', content: new Uint8Array(randomBytes(1_500_000)), mode: 0o644 },
  { path: 'assets/long.txt', content: text('all work and no play\n'.repeat(100_000)), mode: 0o644 },
];

const expected = ENTRIES.map(({ path, content, mode }) => ({
  path,
  mode: mode === 0o755 ? '100755' : '100644',
  content: Buffer.from(content),
})).sort((a, b) => (a.path < b.path ? -1 : 1));

for (const { title, write } of FOREIGN_WRITERS) {
  t.test(`${title}: every file comes out as it went in`, async (t) => {
    const archive = await write(ENTRIES);
    if (archive === undefined) return t.pass('is read', { skip: 'the program is not installed' });
    const file = await openProgyFile(bytesSource(archive), nodePlatform);
    t.strictSame(await readAll(file.files()), expected);
  });
}
