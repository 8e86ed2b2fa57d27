import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { exchangeKeptIn } from '../../network/kept-exchange.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';

async function asking(t: Test, listener: RequestListener) {
  const server = await serveFaults(listener);
  t.teardown(server.close);
  const exchange = exchangeKeptIn({ folder: t.testdir({}) });
  const ask = async (signal = new AbortController().signal) => {
    const { status, body, header } = await exchange(server.url, {
      method: 'GET',
      headers: { 'x-test': 'yes' },
      signal,
    });
    return { status, text: await text(body), location: header('location') };
  };
  return { ask, requests: server.requests };
}

t.test('an answer is kept for as long as it says', async (t) => {
  const kept = await asking(t, answer(200, { a: 1 }, { 'cache-control': 'max-age=60' }));
  t.match(await kept.ask(), { status: 200, text: '{"a":1}' });
  t.match(await kept.ask(), { status: 200, text: '{"a":1}' });
  t.equal(kept.requests.length, 1);
  const passing = await asking(t, answer(200, { a: 1 }, { 'cache-control': 'no-store' }));
  await passing.ask();
  await passing.ask();
  t.equal(passing.requests.length, 2);
});

t.test('failures and redirects are answers, and none is kept or followed', async (t) => {
  const failing = await asking(t, answer(503, { error: 'busy' }));
  t.match(await failing.ask(), { status: 503, text: '{"error":"busy"}' });
  await failing.ask();
  t.equal(failing.requests.length, 2);
  const moved = await asking(t, answer(307, '', { location: 'http://127.0.0.1:1/' }));
  t.match(await moved.ask(), { status: 307, location: 'http://127.0.0.1:1/' });
});

t.test('the reason of the signal ends it', async (t) => {
  const reason = new Error('enough');
  const ending = new AbortController();
  const { ask } = await asking(t, () => ending.abort(reason));
  await t.rejects(ask(ending.signal), reason);
});
