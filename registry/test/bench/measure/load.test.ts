// Loading a server: every answer counts only if it is the expected one.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { type Ask, Loader, send } from '../../../bench/measure/load.ts';

const ASK: Ask = { method: 'GET', path: '/', headers: {} };

async function serve(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function open(t: Test, url: string, connections: number): Loader {
  const loader = new Loader(url, connections);
  t.teardown(() => loader.close());
  return loader;
}

t.test('as many answers are under way as there are connections', async (t) => {
  const waiting: (() => void)[] = [];
  let together = 0;
  const url = await serve(t, (_, response) => {
    waiting.push(() => response.end('four'));
    // Once three have asked, all are answered, then and later.
    if (waiting.length >= 3) together ||= waiting.length;
    if (together > 0) for (const answer of waiting.splice(0)) answer();
  });
  const { rate, p50 } = await open(t, url, 3).load(ASK, { status: 200, bytes: 4 }, 0.1);
  t.equal(together, 3);
  t.ok(rate > 0 && p50 > 0);
});

t.test('asking once tells what the answer is', async (t) => {
  const url = await serve(t, (_, response) => response.writeHead(404).end('four'));
  t.same(await open(t, url, 1).ask(ASK), { status: 404, bytes: 4 });
});

t.test('an answer of another length or status ends the load', async (t) => {
  let answered = 0;
  const url = await serve(t, (request, response) => {
    const good = answered++ % 4 < 3;
    response.statusCode = good || request.url === '/short' ? 200 : 500;
    response.end(good || request.url !== '/short' ? 'four' : 'two');
  });
  const loader = open(t, url, 1);
  const load = (path: string) => loader.load({ ...ASK, path }, { status: 200, bytes: 4 }, 5);
  await t.rejects(load('/failing'), { message: 'GET /failing answered 500 with 4 bytes instead of 200 with 4 bytes' });
  await t.rejects(load('/short'), { message: 'GET /short answered 200 with 3 bytes instead of 200 with 4 bytes' });
});

t.test('an answer that breaks off ends the load', async (t) => {
  const url = await serve(t, (_, response) => {
    response.writeHead(200, { 'Content-Length': 10 });
    response.write('four', () => response.destroy());
  });
  await t.rejects(open(t, url, 1).load(ASK, { status: 200, bytes: 10 }, 5));
});

t.test('what is sent once has to be taken', async (t) => {
  const url = await serve(t, (request, response) => {
    response.statusCode = request.method === 'PUT' ? 201 : 409;
    response.end('why');
  });
  const body = Buffer.from('bytes');
  t.ok((await send(url, { ...ASK, method: 'PUT', body })) > 0, 'milliseconds');
  await t.rejects(send(url, { ...ASK, method: 'POST', body }), { message: 'POST /: 409 why' });
});
