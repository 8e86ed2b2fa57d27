// Requests that no client would send, byte by byte over raw sockets.
import t from 'tap';
import { PASSWORD, packCourse } from './harness.ts';
import { exchange, type RawAnswer, RawConnection, requestText } from './helpers/raw-http.ts';
import { openStarted } from './helpers/started-registry.ts';

const registry = await openStarted(t);
const token = await registry.signUp('diego');
await registry.publish(
  token,
  await packCourse('@diego/rust', '1.0.0', { files: { 'content/page.html': '<b>hi</b>' } }),
);

const HOST = 'Host: localhost';
const AUTHORIZATION = `Authorization: Bearer ${token}`;
const LOGIN = JSON.stringify({ name: 'diego', password: PASSWORD });

function get(path: string, ...lines: string[]): Promise<RawAnswer> {
  return exchange(registry.url, requestText(`GET ${path}`, HOST, ...lines));
}

/** A sign-in with these header lines and that body. */
function login(lines: readonly string[], body: string): string {
  return requestText('PUT /-/user/org.couchdb.user:diego', HOST, 'Content-Type: application/json', ...lines) + body;
}

t.test('what is no sound HTTP is refused, and the next request is answered', async (t) => {
  const table: Record<string, string> = {
    'two lengths': login([`Content-Length: ${LOGIN.length}`, 'Content-Length: 3'], LOGIN),
    'a negative length': login(['Content-Length: -1'], LOGIN),
    'a length that is no number': login(['Content-Length: 0x10'], LOGIN),
    'an unknown transfer coding': login(['Transfer-Encoding: xchunked'], LOGIN),
    'a folded header': requestText('GET /-/whoami', HOST, 'Authorization: Bearer', ` ${token}`),
    'a space before the colon': requestText('GET /-/whoami', HOST, `Authorization : Bearer ${token}`),
    'NUL in a header': requestText('GET /-/whoami', HOST, AUTHORIZATION, 'X-Odd: a\0b'),
    'no host': requestText('GET /-/whoami', AUTHORIZATION),
    'two hosts': requestText('GET /-/whoami', 'Host: a', 'Host: b', AUTHORIZATION),
    'a host that is none': requestText('GET /-/whoami', 'Host: [::1', AUTHORIZATION),
    'an unknown method': requestText('BREW /-/whoami', HOST, AUTHORIZATION),
    'no HTTP at all': 'hello, registry\r\n\r\n',
  };
  for (const [title, request] of Object.entries(table)) {
    const answer = await exchange(registry.url, request);
    t.ok(answer.status >= 400, `${title}: ${answer.status}`);
    t.notMatch(answer.body.toString(), /progy_|diego/, `${title}: nothing was done`);
    t.equal((await get('/-/ping')).status, 200);
  }
});

t.test('of a length and chunks the chunks count, so nothing can hide behind the length', async (t) => {
  const chunks = `${LOGIN.length.toString(16)}\r\n${LOGIN}\r\n0\r\n\r\n`;
  for (const lines of [
    ['Content-Length: 4', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', 'Content-Length: 4'],
  ]) {
    t.match(await exchange(registry.url, login(lines, chunks)), { status: 201, json: { ok: true } }, lines.join(', '));
  }
});

t.test('URLs in documents keep the public origin, whatever the request calls this host', async (t) => {
  const honest = await get('/@diego%2frust');
  t.match(honest.body.toString(), `"tarball":"${registry.url}/@diego/rust/-/rust-1.0.0.tgz"`);
  const table: Record<string, string> = {
    Host: requestText('GET /@diego%2frust', 'Host: evil.example'),
    'X-Forwarded-Host': requestText('GET /@diego%2frust', HOST, 'X-Forwarded-Host: evil.example'),
    'X-Forwarded-Proto': requestText('GET /@diego%2frust', HOST, 'X-Forwarded-Proto: evil'),
    Forwarded: requestText('GET /@diego%2frust', HOST, 'Forwarded: host=evil.example;proto=https'),
    'an absolute address': requestText('GET http://evil.example/@diego%2frust', HOST),
  };
  for (const [title, request] of Object.entries(table)) {
    const answer = await exchange(registry.url, request);
    t.equal(answer.status, 200, title);
    t.equal(answer.body.toString(), honest.body.toString(), title);
  }
});

t.test('an address that climbs out of its folder finds nothing', async (t) => {
  const paths = [
    '/@diego/rust/-/../../../rust-1.0.0.tgz',
    '/@diego/rust/-/..%2f..%2f..%2frust-1.0.0.tgz',
    '/@diego/rust/-/..%5c..%5crust-1.0.0.tgz',
    '/@diego/rust/-/%2e%2e/%2e%2e/rust-1.0.0.tgz',
    '/@diego/rust/-/rust-1.0.0.tgz/..%2frust-1.0.0.tgz',
    '/@diego/rust/-/rust-1.0.0.tgz%00',
    '/@diego%2frust%2f..%2frust',
    '/@diego%252frust',
    '/registry/download/..%2f..%2fpackages/@diego/rust',
    '/registry/download/@diego/..%2frust/1.0.0',
    '/registry/download/@diego/rust/..%2f1.0.0',
    '/registry/download/@diego/rust/1.0.0%00',
    '/registry/resolve/@diego/rust%2f..%2frust',
    '/-/package/@diego%2f..%2frust/dist-tags',
  ];
  for (const path of paths) {
    const { status, json } = await get(path);
    t.ok(status === 404 || status === 400, `${path}: ${status}`);
    t.match(json?.code, /NOT_FOUND$|^INVALID_/, path);
  }
});

t.test('line breaks in an address never become headers', async (t) => {
  for (const path of [
    '/@diego/rust%0d%0aX-Evil:%201',
    '/@diego%2frust%0d%0aX-Evil:%201/1.0.0',
    '/@diego/rust/%0d%0aX-Evil:%201',
    '/@diego/rust/-/rust-1.0.0.tgz%0d%0aX-Evil:%201',
    '/registry/download/diego/rust%0d%0aX-Evil:%201/1.0.0',
    '/registry/download/diego/rust/1.0.0%0d%0aX-Evil:%201',
    '/nothing%0d%0aX-Evil:%201',
  ]) {
    const answer = await get(path);
    t.ok(answer.status === 404 || answer.status === 400, `${path}: ${answer.status}`);
    t.notOk('x-evil' in answer.headers, path);
    t.notMatch(String(answer.json?.error), /[\r\n]/, path);
  }
});

t.test('escapes that decode to nothing are 4xx', async (t) => {
  const length = `Content-Length: ${LOGIN.length}`;
  for (const request of [
    ...['/%', '/%ff', '/@diego/%ff', '/@diego/rust/%ff', '/@diego/rust/-/%ff', '/registry/download/diego/rust/%ff'].map(
      (path) => requestText(`GET ${path}`, HOST),
    ),
    requestText('PUT /-/user/org.couchdb.user:%ff', HOST, length) + LOGIN,
    requestText('PUT /-/user/org.couchdb.user:diego%', HOST, length) + LOGIN,
    requestText('PUT /-/user/org.couchdb.user:%2564iego', HOST, length) + LOGIN,
  ]) {
    const { status, json } = await exchange(registry.url, request);
    t.ok(status >= 400 && status < 500, `${request.split('\r\n', 1)}: ${status}`);
    t.match(json, { error: /./, code: /./ });
  }
});

t.test('a token that was never made is signed out without a fuss', async (t) => {
  for (const name of ['%ff', '%', 'progy_%2525', 'x'.repeat(10_000)]) {
    const answer = await exchange(registry.url, requestText(`DELETE /-/user/token/${name}`, HOST, AUTHORIZATION));
    t.equal(answer.status, 200, name.slice(0, 20));
  }
  t.equal((await get('/-/whoami', AUTHORIZATION)).status, 200);
});

t.test('an address of any length is answered in few words', async (t) => {
  for (const size of [5_000, 50_000, 100_000]) {
    for (const start of ['/', '/@diego/', '/@diego/rust/', '/@diego/rust/-/', '/registry/download/diego/rust/']) {
      const { status, body } = await get(start + '1.0-'.repeat(size / 4));
      t.ok(status >= 400 && status < 500, `${start} ${size}: ${status}`);
      t.ok(body.length < 2_000, 'the answer does not repeat it');
    }
  }
});

t.test('thousands of headers, and long ones, do no harm', async (t) => {
  const many = Array.from({ length: 2_000 }, (_, i) => `X-${i}: ${i}`);
  t.equal((await get('/-/ping', ...many)).status, 200);
  t.equal((await get('/-/whoami', `Authorization: Bearer progy_${'a'.repeat(50_000)}`)).status, 401);
  t.equal((await get('/@diego%2frust', `If-None-Match: ${'"a",'.repeat(10_000)}`)).status, 200);
  t.equal((await get('/@diego%2frust/1.0.0', `Accept: ${'a/b,'.repeat(10_000)}`)).status, 200);
});

t.test('ranges beyond all numbers are the whole file or 416', async (t) => {
  const nines = '9'.repeat(400);
  const path = '/@diego/rust/-/rust-1.0.0.tgz';
  const whole = (await get(path)).body;
  for (const range of [`0-${nines}`, `-${nines}`]) {
    const answer = await get(path, `Range: bytes=${range}`);
    t.match(answer, { status: 206, headers: { 'content-range': `bytes 0-${whole.length - 1}/${whole.length}` } });
    t.ok(answer.body.equals(whole));
  }
  for (const range of [`${nines}-`, '-0']) t.equal((await get(path, `Range: bytes=${range}`)).status, 416, range);
});

t.test('nothing that an author uploads is shown by a browser', async (t) => {
  const table: [string, RegExp][] = [
    ['/@diego/rust/-/rust-1.0.0.tgz', /^application\/octet-stream$/],
    ['/registry/download/diego/rust/1.0.0', /^application\/octet-stream$/],
    ['/@diego%2frust', /^application\/json/],
    ['/@diego/%3Cscript%3Ealert(1)%3C%2Fscript%3E', /^application\/json/],
    ['/%3Cscript%3Ealert(1)%3C%2Fscript%3E.html', /^application\/json/],
  ];
  for (const [path, type] of table) {
    const { headers } = await get(path, 'Accept: text/html');
    t.match(headers['content-type'], type, path);
    t.equal(headers['x-content-type-options'], 'nosniff', path);
    t.match(headers['content-security-policy'], /default-src 'none'.*sandbox/, path);
    if (headers['content-type'] === 'application/octet-stream') t.match(headers['content-disposition'], /^attachment;/);
  }
  t.equal((await get('/@diego/rust/-/content/page.html')).status, 404, 'files of a course have no address');
});

t.test('an upload that stands still keeps nobody waiting', async (t) => {
  const slow = new RawConnection(registry.url);
  const lines = ['Content-Type: multipart/form-data; boundary=b', 'Content-Length: 1000'];
  await slow.send(requestText('POST /registry/publish', HOST, AUTHORIZATION, ...lines));
  await slow.send('--b\r\nContent-Disp');
  const quick = await packCourse('@diego/rust', '1.1.0');
  t.equal((await registry.publish(token, quick)).status, 201);
  await slow.disconnect();
  t.equal((await get('/-/ping')).status, 200);
});
