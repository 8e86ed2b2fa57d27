// The form of POST /registry/publish, part by part: accepted forms, and forms that only a hostile client sends.
import { randomBytes } from 'node:crypto';
import t from 'tap';
import { type Answer, bearer, openRegistry, packCourse } from '../../harness.ts';
import { integrityOf } from '../../helpers/verify-version.ts';

const registry = await openRegistry(t);
const token = await registry.signUp('diego');
const course = await packCourse('@diego/form');

const BOUNDARY = 'boundary-of-a-test';
const FILE = 'Content-Disposition: form-data; name="file"; filename="course.progy"';
const METADATA = 'Content-Disposition: form-data; name="metadata"';

function part(content: string | Uint8Array, ...headers: string[]): Buffer {
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
}

function form(...parts: Uint8Array[]): Buffer {
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

function send(body: Uint8Array, contentType = `multipart/form-data; boundary=${BOUNDARY}`): Promise<Answer> {
  const headers = { ...bearer(token), 'Content-Type': contentType };
  return registry.json('/registry/publish', { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> });
}

const others = (count: number) =>
  Array.from({ length: count }, (_, i) => part('x', `Content-Disposition: form-data; name="other-${i}"`));

async function storedKeys(): Promise<string[]> {
  return (await registry.env.R2.list()).objects.map(({ key }) => key);
}

t.test('a form that is refused says why, and leaves nothing', async (t) => {
  const file = part(course, FILE);
  const table: [string, Buffer, RegExp, string?][] = [
    ['no body', Buffer.alloc(0), /no file part|no closing boundary|no body/],
    ['no part', form(), /no file part/],
    ['a thousand parts', form(...others(1_000), file), /too many or too large parts/],
    ['a thousand parts after the file', form(file, ...others(1_000)), /too many or too large parts/],
    ['two files', form(file, file), /two file parts/],
    ['two metadata parts', form(part('{}', METADATA), part('{}', METADATA), file), /two metadata parts/],
    ['a part without a name', form(part(course, 'Content-Type: text/plain')), /no file part/],
    ['a part header of 100 KB', form(part(course, FILE, `X: ${'x'.repeat(100_000)}`)), /headers of a form part/],
    ['a part header of 5 MB', form(part(course, FILE, `X: ${'x'.repeat(5_000_000)}`)), /headers of a form part/],
    ['10,000 part headers', form(part(course, FILE, ...Array(10_000).fill('X: y'))), /headers of a form part/],
    ['a folded part header', form(part(course, FILE.replace('; ', ';\r\n '))), /headers of a form part/],
    ['NUL in a part header', form(part(course, FILE.replace('course', 'cour\0se'))), /headers of a form part/],
    ['a name that does not decode', form(part(course, `${FILE}; filename*=UTF-8''%ff`)), /headers of a form part/],
    ['no closing boundary', Buffer.concat([file, Buffer.from(`--${BOUNDARY}`)]), /no closing boundary/],
    ['metadata of 300 KB', form(part(`{"a":"${'a'.repeat(300_000)}"}`, METADATA), file), /too long/],
    ['metadata nested 100,000 deep', form(part('['.repeat(100_000), METADATA), file), /metadata part is not valid/],
    ['an empty boundary', form(file), /multipart\/form-data/, 'multipart/form-data; boundary='],
    ['a boundary of 10 KB', form(file), /boundary/, `multipart/form-data; boundary=${'b'.repeat(10_000)}`],
  ];
  for (const [title, body, error, contentType] of table) {
    const answer = await send(body, contentType);
    t.match({ status: answer.status, ...answer.body }, { status: 400, code: 'INVALID_REQUEST', error }, title);
  }
  t.same(await storedKeys(), []);
  t.equal(await registry.env.DB.prepare('SELECT count(*) AS n FROM registry_publish_attempts').first('n'), 0);
});

t.test('bytes after the file’s own end are not the file', async (t) => {
  const answer = await send(form(part(Buffer.concat([course, Buffer.from('more')]), FILE)));
  t.match(answer, { status: 400, body: { code: 'INVALID_ARTIFACT' } });
});

t.test('what looks like the boundary inside the file is content, unless a line begins with it', async (t) => {
  const almost = ['x--B--', '\r\n--', 'x\n--B\r\n', '\r--B', 'x--B\r\n--', '\r\n-B'];
  const texts = almost.map((text) => Buffer.from(text.replace('B', BOUNDARY)));
  const content = Buffer.concat(texts.flatMap((text) => [randomBytes(70_000), text]));
  const file = await packCourse('@diego/form', '1.1.0', { files: { 'content/a.bin': content } });
  t.match(await send(form(part(file, FILE))), { status: 201, body: { integrity: integrityOf(file) } });

  const cut = await packCourse('@diego/form', '1.2.0', {
    files: {
      'content/a.bin': Buffer.concat([randomBytes(70_000), Buffer.from(`\r\n--${BOUNDARY}\r\n`), randomBytes(70_000)]),
    },
  });
  t.equal((await send(form(part(cut, FILE)))).status, 400);
});

t.test('a file of any length arrives as it was, wherever the boundary falls', async (t) => {
  const around = 64 * 1024;
  for (const [i, length] of [-300, -299, -4, -3, -2, -1, 0, 1, 2].entries()) {
    const files = { 'content/a.bin': randomBytes(around + length) };
    const file = await packCourse('@diego/lengths', `1.0.${i}`, { files });
    t.match(await send(form(part(file, FILE))), { status: 201, body: { integrity: integrityOf(file) } }, `${length}`);
  }
});

t.test('names and types that a client gives its file change nothing', async (t) => {
  for (const [i, headers] of [
    ['Content-Disposition: form-data; name="file"; filename="../../../etc/passwd"'],
    ['Content-Disposition: form-data; name="file"; filename="page.html"', 'Content-Type: text/html'],
    ['Content-Disposition: form-data; name="file"'],
    ['content-disposition:form-data;name=file;filename=a', 'Content-Transfer-Encoding: binary'],
  ].entries()) {
    const version = `1.0.${i}`;
    t.equal(
      (await send(form(part(await packCourse('@diego/named', version), ...headers)))).status,
      201,
      headers.join(),
    );
    const download = await registry.fetch(`/registry/download/diego/named/${version}`);
    t.equal(download.headers.get('content-type'), 'application/octet-stream');
    t.equal(download.headers.get('content-disposition'), `attachment; filename="named-${version}.progy"`);
    await download.arrayBuffer();
  }
  for (const key of await storedKeys())
    t.match(key, /^packages\/@diego\/[a-z]+\/v[0-9.]+-[0-9a-f-]{36}\.(?:progy|tgz)$/);
});

t.test('parts that mean nothing to us are skipped, up to a few', async (t) => {
  const file = part(await packCourse('@diego/extra'), FILE);
  const constructorPart = part('{}', 'Content-Disposition: form-data; name="constructor"');
  const protoPart = part('{"polluted":1}', 'Content-Disposition: form-data; name="__proto__"');
  t.equal((await send(form(...others(2), constructorPart, protoPart, file))).status, 201);
});

t.test('text around the form is skipped', async (t) => {
  const body = Buffer.concat([
    Buffer.from('before\r\n'),
    form(part(await packCourse('@diego/around'), FILE)),
    Buffer.from('after'.repeat(1_000)),
  ]);
  t.equal((await send(body)).status, 201);
});
