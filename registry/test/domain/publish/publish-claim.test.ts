// Claims: a publisher's metadata, compared with the upload.
import { type Course, parseCourse } from '@progy/protocol/course/course.ts';
import { parseVersion } from '@progy/protocol/course/version.ts';
import t from 'tap';
import { type Claim, checkClaim, ofSize, parseClaim, tagFor } from '../../../domain/publish/publish-claim.ts';

const CHECKSUM = 'ab'.repeat(32);

function courseOf(fields: Record<string, unknown> = {}): Course {
  const course = { name: '@diego/rust', version: '1.0.0', description: 'Learn Rust', ...fields };
  return parseCourse(Buffer.from(JSON.stringify(course)));
}

t.test('a claim says what course.json says, or nothing', async (t) => {
  const course = courseOf();
  const same: Record<string, unknown>[] = [
    {},
    { name: '@diego/rust' },
    { version: '1.0.0', description: 'Learn Rust', private: false, checksum: CHECKSUM },
    { description: '' },
    { name: null, version: null, description: null, private: null, checksum: null, tag: null },
    { title: 'what nobody reads' },
  ];
  for (const metadata of same) {
    const claim = parseClaim(JSON.stringify(metadata));
    t.doesNotThrow(() => checkClaim(claim, course, CHECKSUM), JSON.stringify(metadata));
  }
  const different: [field: string, found: unknown, expected: unknown][] = [
    ['name', '@diego/go', '@diego/rust'],
    ['version', '1.0.1', '1.0.0'],
    ['description', 'Learn Go', 'Learn Rust'],
    ['private', true, false],
    ['checksum', 'cd'.repeat(32), CHECKSUM],
  ];
  for (const [field, found, expected] of different) {
    const claim = parseClaim(JSON.stringify({ [field]: found }));
    const mismatch = { code: 'METADATA_MISMATCH', evidence: { field, found, expected } };
    t.throws(() => checkClaim(claim, course, CHECKSUM), mismatch, field);
  }
  t.throws(() => checkClaim(parseClaim('{"private":false}'), courseOf({ private: true }), CHECKSUM), {
    code: 'METADATA_MISMATCH',
  });
});

t.test('metadata that cannot be read is refused for what it is', async (t) => {
  const table: [json: string, code: string][] = [
    ['', 'INVALID_REQUEST'],
    ['[]', 'INVALID_REQUEST'],
    ['null', 'INVALID_REQUEST'],
    ['{"private":"yes"}', 'INVALID_REQUEST'],
    ['{"sizeBytes":-1}', 'INVALID_REQUEST'],
    ['{"sizeBytes":1.5}', 'INVALID_REQUEST'],
    [JSON.stringify({ changelog: 'x'.repeat(10_001) }), 'INVALID_REQUEST'],
    ['{"name":"rust"}', 'INVALID_NAME'],
    ['{"name":7}', 'INVALID_NAME'],
    ['{"version":"v1.0.0"}', 'INVALID_VERSION'],
    ['{"tag":"1.0.0"}', 'INVALID_TAG'],
  ];
  for (const [json, code] of table) t.throws(() => parseClaim(json), { code }, json.slice(0, 60));
});

t.test('a prerelease needs a tag of its own, and latest is no tag to ask for', async (t) => {
  const table: [version: string, tag: string | undefined, goesUnder: string | undefined][] = [
    ['1.0.0', undefined, undefined],
    ['1.0.0', 'latest', undefined],
    ['1.0.0', 'beta', 'beta'],
    ['1.0.0-beta.1', 'beta', 'beta'],
  ];
  for (const [version, tag, goesUnder] of table)
    t.equal(tagFor(parseVersion(version), tag), goesUnder, `${version} ${tag}`);
  for (const tag of [undefined, 'latest'])
    t.throws(() => tagFor(parseVersion('1.0.0-beta.1'), tag), { code: 'TAG_REQUIRED' }, String(tag));
});

t.test('a file has as many bytes as its claim says', async (t) => {
  const pass = async (claimed: NonNullable<Claim['sizeBytes']>, ...chunks: number[]) => {
    let passed = 0;
    const bytes = chunks.map((length) => new Uint8Array(length));
    for await (const chunk of ofSize(streamOf(bytes), claimed)) passed += chunk.length;
    return passed;
  };
  t.equal(await pass(3, 1, 2), 3);
  t.equal(await pass(0), 0);
  const mismatch = (expected: unknown) => ({
    code: 'METADATA_MISMATCH',
    evidence: { field: 'sizeBytes', found: 3, expected },
  });
  await t.rejects(pass(3, 1, 1), mismatch(2));
  await t.rejects(pass(3, 2, 2), mismatch('more than 3'));
});

async function* streamOf(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks;
}
