// PUT /@scope/slug with an invalid tarball: each is refused with the reason, and leaves no trace.
import { randomBytes } from 'node:crypto';
import t from 'tap';
import { buildTarball } from '../../../../../fixtures/tar-builder.ts';
import { bearer, openRegistry } from '../../../harness.ts';
import {
  attachmentsOf,
  courseFolder,
  documentOf,
  entriesOf,
  type Folder,
  publishOf,
  put,
} from '../../../helpers/npm-publish.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
await registry.signUp('marta');

async function storedKeys(): Promise<string[]> {
  return (await registry.env.R2.list()).objects.map(({ key }) => key);
}

/** A document of npm 12 for one course, changed. */
const changed = (more: Record<string, unknown>) => documentOf(publishOf('@diego/refused'), more);
const manifestWith = (more: Record<string, unknown>) =>
  changed({ versions: { '1.0.0': { name: '@diego/refused', version: '1.0.0', ...more } } });
const withFolder = (folder: Folder, version = '1.0.0', more = {}) =>
  documentOf(publishOf('@diego/refused', version, folder), more);
const sigstore = { '@diego/refused-1.0.0.sigstore': { content_type: 'x', data: '{"mediaType":"x"}', length: 17 } };
const attachment = attachmentsOf(publishOf('@diego/refused'));
const [data] = Object.values(attachment);

/** What a publish may get wrong, and what the answer says. Large documents are made when they are needed. */
const REFUSED: [title: string, document: unknown, status: number, code: string, error: RegExp][] = [
  ['no body', '', 400, 'INVALID_REQUEST', /JSON|no body/],
  ['what is not JSON', '{"name":', 400, 'INVALID_REQUEST', /not JSON/],
  ['a list', [], 400, 'INVALID_REQUEST', /not a JSON object/],
  [
    'a body cut off in the tarball',
    JSON.stringify(changed({})).slice(0, -200),
    400,
    'INVALID_REQUEST',
    /in the middle/,
  ],
  ['no name', changed({ name: undefined }), 400, 'INVALID_REQUEST', /name/],
  ['another name', changed({ name: '@diego/other' }), 400, 'METADATA_MISMATCH', /@diego\/other.*@diego\/refused/],
  ['another _id', changed({ _id: '@diego/other' }), 400, 'METADATA_MISMATCH', /@diego\/other.*@diego\/refused/],
  ['another name in the manifest', manifestWith({ name: '@diego/other' }), 400, 'METADATA_MISMATCH', /@diego\/other/],
  ['another version in the manifest', manifestWith({ version: '1.0.1' }), 400, 'METADATA_MISMATCH', /1\.0\.1.*1\.0\.0/],
  ['no version', changed({ versions: {} }), 400, 'INVALID_REQUEST', /exactly one version/],
  [
    'two versions',
    changed({ versions: { '1.0.0': { name: 'x', version: '1.0.0' }, '1.0.1': { name: 'x', version: '1.0.1' } } }),
    400,
    'INVALID_REQUEST',
    /exactly one version/,
  ],
  ['versions that are a list', changed({ versions: [1] }), 400, 'INVALID_REQUEST', /versions/],
  [
    'another version than course.json',
    withFolder({ ...courseFolder('@diego/refused', '1.0.1'), 'package.json': '{}' }),
    400,
    'METADATA_MISMATCH',
    /package\.json says version "1\.0\.0", course\.json says "1\.0\.1"/,
  ],
  [
    'another name than course.json',
    withFolder({ ...courseFolder('@diego/other'), 'package.json': '{}' }),
    400,
    'METADATA_MISMATCH',
    /package\.json says name "@diego\/refused", course\.json says "@diego\/other"/,
  ],
  [
    'a package.json in the tarball that says something else',
    withFolder({ ...courseFolder('@diego/refused'), 'package.json': '{"name":"@diego/refused","version":"3.0.0"}' }),
    400,
    'METADATA_MISMATCH',
    /package\.json says version "3\.0\.0", course\.json says "1\.0\.0"/,
  ],
  [
    'a package.json in the tarball that is not JSON',
    withFolder({ ...courseFolder('@diego/refused'), 'package.json': '{' }),
    400,
    'METADATA_MISMATCH',
    /package\.json is not JSON/,
  ],
  ['another integrity', manifestWith({ dist: { integrity: 'sha512-AAAA' } }), 400, 'METADATA_MISMATCH', /integrity/],
  ['another shasum', manifestWith({ dist: { shasum: 'aaaa' } }), 400, 'METADATA_MISMATCH', /shasum/],
  [
    'another length',
    changed({ _attachments: { '@diego/refused-1.0.0.tgz': { ...data, length: 1 } } }),
    400,
    'METADATA_MISMATCH',
    /size 1\b/,
  ],
  [
    'the tarball of another version',
    changed({ _attachments: { '@diego/refused-1.0.1.tgz': data } }),
    400,
    'METADATA_MISMATCH',
    /attachment .*1\.0\.1/,
  ],
  ['no data', changed({ _attachments: { '@diego/refused-1.0.0.tgz': {} } }), 400, 'INVALID_REQUEST', /data/],
  [
    'two tarballs',
    changed({ _attachments: { ...attachment, 'b.tgz': data } }),
    400,
    'INVALID_REQUEST',
    /exactly one tarball/,
  ],
  ['provenance', changed({ _attachments: { ...attachment, ...sigstore } }), 400, 'INVALID_REQUEST', /--no-provenance/],
  [
    'provenance first',
    changed({ _attachments: { ...sigstore, ...attachment } }),
    400,
    'INVALID_REQUEST',
    /--no-provenance/,
  ],
  [
    'an attachment that is no tarball',
    changed({ _attachments: { 'x.zip': data } }),
    400,
    'INVALID_REQUEST',
    /is not a tarball/,
  ],
  [
    'data that is not base64',
    changed({ _attachments: { '@diego/refused-1.0.0.tgz': { data: 'H4sI*' } } }),
    400,
    'INVALID_REQUEST',
    /not base64/,
  ],
  ['another access', changed({ access: 'secret' }), 400, 'INVALID_REQUEST', /access/],
  ['two tags', changed({ 'dist-tags': { a: '1.0.0', b: '1.0.0' } }), 400, 'INVALID_REQUEST', /at most one/],
  ['a tag for another version', changed({ 'dist-tags': { a: '2.0.0' } }), 400, 'METADATA_MISMATCH', /2\.0\.0.*1\.0\.0/],
  ['a tag that is a range', changed({ 'dist-tags': { '1.x': '1.0.0' } }), 400, 'INVALID_TAG', /dist-tag/],
  [
    'a version that is none',
    withFolder(courseFolder('@diego/refused', '1.0'), '1.0'),
    400,
    'INVALID_VERSION',
    /semantic version/,
  ],
  [
    'a prerelease under latest',
    withFolder(courseFolder('@diego/refused', '2.0.0-beta.1'), '2.0.0-beta.1'),
    400,
    'TAG_REQUIRED',
    /npm publish --tag beta/,
  ],
  [
    'no course.json',
    withFolder({ 'package.json': '{}', 'index.js': '' }),
    400,
    'INVALID_COURSE',
    /no course\.json at its root, .*Add one beside package\.json/,
  ],
  [
    'a course.json in a folder below',
    withFolder({ 'package.json': '{}', 'course/course.json': '{}' }),
    400,
    'INVALID_COURSE',
    /found course\/course\.json/,
  ],
  [
    'no content',
    withFolder({ 'course.json': '{"name":"@diego/refused","version":"1.0.0"}' }),
    400,
    'INVALID_COURSE',
    /content\/ folder/,
  ],
  [
    'a course.json against the schema',
    withFolder(courseFolder('@diego/refused', '1.0.0', {}, { keywords: 'x' })),
    400,
    'INVALID_COURSE',
    /keywords/,
  ],
  [
    'a private course as public',
    withFolder(courseFolder('@diego/refused', '1.0.0', {}, { private: true }), '1.0.0', { access: 'public' }),
    400,
    'METADATA_MISMATCH',
    /"private": true/,
  ],
  [
    'a tarball of 20 MB and a byte',
    () => documentOf({ name: '@diego/refused', version: '1.0.0', tarball: tarballOfBytes(20 * 2 ** 20 + 1) }),
    413,
    'PAYLOAD_TOO_LARGE',
    /npm clients may publish at most 20 MB.*progy publish/,
  ],
  [
    'a tarball of 30 MB, refused unread',
    () => documentOf({ name: '@diego/refused', version: '1.0.0', tarball: new Uint8Array(30 * 2 ** 20) }),
    413,
    'PAYLOAD_TOO_LARGE',
    /npm clients may publish at most 20 MB.*progy publish/,
  ],
  [
    'a document of 9 MB besides the tarball',
    () => changed({ readme: 'x'.repeat(9 * 2 ** 20) }),
    413,
    'PAYLOAD_TOO_LARGE',
    /8 MB/,
  ],
];

/** A tarball cut off after that many bytes. */
function tarballOfBytes(bytes: number): Uint8Array {
  const folder = { ...courseFolder('@diego/refused'), 'content/a.bin': randomBytes(bytes) };
  return buildTarball(entriesOf(folder), 0).subarray(0, bytes);
}

t.test('what is refused says why, and leaves nothing in R2 or D1', async (t) => {
  const before = await storedKeys();
  for (const [title, document, status, code, error] of REFUSED) {
    const sent = typeof document === 'function' ? document() : document;
    const answer = await put(registry, diego, '@diego/refused', sent);
    t.match({ status: answer.status, ...answer.body }, { status, code, error }, title);
  }
  t.same(await storedKeys(), before);
  t.equal(await registry.env.DB.prepare('SELECT count(*) AS n FROM registry_publish_attempts').first('n'), 0);
  t.equal((await registry.json('/@diego%2frefused')).status, 404);
});

t.test('who may not publish is refused before the tarball is read', async (t) => {
  const name = '@marta/refused';
  const notEvenATarball = Buffer.from('hello');
  const document = documentOf({ name, version: '1.0.0', tarball: notEvenATarball });
  t.match(await put(registry, diego, name, document), { status: 403, body: { code: 'FORBIDDEN', scope: 'marta' } });
  t.match(await put(registry, 'progy_unknown', name, document), { status: 401, body: { code: 'UNAUTHORIZED' } });
});

t.test('a name that is none is INVALID_NAME', async (t) => {
  const answer = await registry.json('/@Diego%2frust', { method: 'PUT', headers: bearer(diego), body: '{}' });
  t.match(answer, { status: 400, body: { code: 'INVALID_NAME', found: '@Diego/rust' } });
});
