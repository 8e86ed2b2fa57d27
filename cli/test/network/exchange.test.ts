import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { exchange } from '../../network/exchange.ts';
import { networkFault } from '../../network/network-error.ts';
import { answer, reset, serveFaults } from '../helpers/fault-server.ts';

async function ask(t: Test, listener: RequestListener, signal = new AbortController().signal, body?: string) {
  const server = await serveFaults(listener);
  t.teardown(server.close);
  return exchange(server.url, { method: 'POST', headers: { 'x-test': 'yes' }, signal, body });
}

t.test('the method, headers and body are sent, and status, headers and body answered', async (t) => {
  const echo: RequestListener = async (request, response) => {
    const told = JSON.stringify([request.method, request.headers['x-test'], request.headers['content-length']]);
    response.writeHead(201, { 'x-answer': 'yes' }).end(told + (await text(request)));
  };
  const answered = await ask(t, echo, undefined, 'söz');
  t.equal(answered.status, 201);
  t.equal(answered.header('x-answer'), 'yes');
  t.equal(answered.header('x-other'), undefined);
  t.equal(await text(answered.body), '["POST","yes","4"]söz');
});

t.test('a compressed answer is read as what it was', async (t) => {
  const compressing: RequestListener = (request, response) => {
    t.equal(request.headers['accept-encoding'], 'gzip');
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('long '.repeat(1_000)));
  };
  t.equal(await text((await ask(t, compressing)).body), 'long '.repeat(1_000));
});

t.test('a compressed answer that is cut or damaged is an error', async (t) => {
  const whole = gzipSync('long '.repeat(1_000));
  for (const bytes of [whole.subarray(0, -12), Buffer.from('not gzip')]) {
    const { body } = await ask(t, (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes);
    });
    await t.rejects(text(body));
  }
});

t.test('a redirect is an answer like others', async (t) => {
  t.equal((await ask(t, answer(307, '', { location: 'http://127.0.0.1:1/' }))).status, 307);
});

t.test('a connection that breaks is told so, before the answer and inside it', async (t) => {
  const fault = (failing: Promise<unknown>) => failing.then(() => 'none', networkFault);
  t.equal(await fault(ask(t, reset)), 'reset');
  const { body } = await ask(t, (request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('a part', () => request.socket.resetAndDestroy());
  });
  t.equal(await fault(text(body)), 'reset');
});

t.test('the reason of the signal ends it, before the answer and inside it', async (t) => {
  const reason = new Error('enough');
  const early = new AbortController();
  await t.rejects(
    ask(t, () => early.abort(reason), early.signal),
    reason,
  );
  const late = new AbortController();
  const { body } = await ask(t, (_, response) => void response.write('a part'), late.signal);
  const reading = text(body);
  late.abort(reason);
  await t.rejects(reading, reason);
  await t.rejects(ask(t, answer(200, {}), AbortSignal.abort(reason)), reason);
});
