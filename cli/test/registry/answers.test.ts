import { ERRORS } from '@progy/protocol/errors.ts';
import type { ErrorBody } from '@progy/protocol/wire/error-body.ts';
import t from 'tap';
import * as z from 'zod';
import { readAnswer, readDocument, readText } from '../../registry/answers.ts';

const HOST = 'http://registry.test';

function answerOf(status: number, body: object | string, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, text, header: (name: string) => headers[name] };
}

t.test('a JSON object is the answer', async (t) => {
  t.same(readAnswer(answerOf(201, { ok: true }), HOST), { ok: true });
});

t.test('an error of the table keeps its sentence and its evidence', async (t) => {
  const answer = answerOf(409, {
    error: 'Published before',
    message: 'Published before',
    code: 'VERSION_EXISTS',
    found: '1.0.0',
  });
  t.throws(() => readAnswer(answer, HOST), {
    code: 'VERSION_EXISTS',
    message: 'Published before',
    evidence: { found: '1.0.0', registry: HOST },
  });
});

t.test('the code of the body counts, not the status', async (t) => {
  const body: ErrorBody = { error: 'Changed', message: 'Changed', code: 'REVISION_CONFLICT' };
  t.throws(() => readAnswer(answerOf(409, body), HOST), { code: 'REVISION_CONFLICT', message: 'Changed' });
});

t.test('an answer that somebody in between wrote is understood by its status', async (t) => {
  const table: [number, object | string, string][] = [
    [413, '<html>Request Entity Too Large</html>', 'PAYLOAD_TOO_LARGE'],
    [401, { error: 'who are you' }, 'UNAUTHORIZED'],
    [403, '', 'FORBIDDEN'],
    [404, { error: 'no', code: 'E_OTHER' }, 'NOT_FOUND'],
    [429, '', 'RATE_LIMITED'],
    [500, 'oops', 'INTERNAL'],
    [502, '<html>', 'UNAVAILABLE'],
    [503, '', 'UNAVAILABLE'],
    [522, '<html>', 'UNAVAILABLE'],
    [418, 'teapot', 'NOT_A_REGISTRY'],
    [200, '<html>Welcome to the hotel</html>', 'NOT_A_REGISTRY'],
    [200, '[]', 'NOT_A_REGISTRY'],
    [204, '', 'NOT_A_REGISTRY'],
  ];
  for (const [status, body, code] of table) {
    t.throws(() => readAnswer(answerOf(status, body), HOST), { code }, `${status} ${JSON.stringify(body)}`);
  }
});

t.test('a web page is called one', async (t) => {
  const page = answerOf(200, '<html>', { 'content-type': 'text/html; charset=utf-8' });
  t.throws(() => readAnswer(page, HOST), {
    message: `${HOST} is not a registry: it answered with a web page (status 200)`,
  });
});

t.test('how long to wait is evidence', async (t) => {
  t.throws(() => readAnswer(answerOf(429, {}, { 'retry-after': '7' }), HOST), {
    code: 'RATE_LIMITED',
    evidence: { retryAfterSeconds: 7 },
  });
});

t.test('a redirect is not followed: it names the address to choose instead', async (t) => {
  const moved = answerOf(301, '', { location: 'https://registry.test/-/whoami' });
  t.throws(() => readAnswer(moved, HOST), { code: 'NOT_A_REGISTRY', next: /--registry https:\/\/registry\.test$/ });
});

t.test('an endless answer is not read to its end', async (t) => {
  async function* endless() {
    for (;;) yield new Uint8Array(65_536);
  }
  await t.rejects(readText(endless(), HOST), { code: 'NOT_A_REGISTRY' });
});

const document = z.object({ name: z.string(), tags: z.record(z.string(), z.object({ version: z.string() })) });

t.test('a document is read, and what its schema does not know is no fault', async (t) => {
  const body = { name: 'x', tags: { latest: { version: '1.0.0', newer: true } }, newer: [] };
  t.match(readDocument(document, body, HOST), { name: 'x', tags: { latest: { version: '1.0.0' } } });
});

t.test('a field that is missing or wrong is named', async (t) => {
  const tags = { latest: { version: '1.0.0' } };
  const table: [body: Record<string, unknown>, fault: string][] = [
    [{ tags }, 'without "name"'],
    [{ name: 7, tags }, 'with an unexpected "name"'],
    [{ name: null, tags }, 'with an unexpected "name"'],
    [{ name: 'x', tags: { latest: {} } }, 'without "tags.latest.version"'],
    [{ name: 'x', tags: [] }, 'with an unexpected "tags"'],
    [{ name: 'x', tags: { ['y'.repeat(1_000)]: 0 } }, `with an unexpected "tags.${'y'.repeat(95)}"`],
  ];
  for (const [body, fault] of table) {
    const refused = { code: 'NOT_A_REGISTRY', message: `${HOST} answered ${fault}` };
    t.throws(() => readDocument(document, body, HOST), refused, fault);
  }
});

t.test('an error whose fields are no texts is understood by its status', async (t) => {
  const answer = answerOf(403, { error: { reason: 'no' }, message: ['no'], code: 7 });
  t.throws(() => readAnswer(answer, HOST), { code: 'FORBIDDEN', message: ERRORS.FORBIDDEN.message });
});
