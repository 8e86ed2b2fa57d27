import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { Link, type Shape } from '../../../bench/init/link.ts';

const BYTES = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 7) % 251));

/** A link to a server that does this with each connection. */
async function linkTo(t: Test, serve: (socket: Socket) => void, shape?: Shape): Promise<Link> {
  const server: Server = createServer({ allowHalfOpen: true }, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const link = await Link.open(() => (typeof address === 'object' ? (address?.port ?? 0) : 0));
  link.shape = shape;
  t.teardown(async () => {
    await link.close();
    server.close();
  });
  return link;
}

function open(link: Link): Socket {
  return connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true });
}

for (const [title, shape] of Object.entries({ unshaped: undefined, shaped: { megabits: 1_000, roundTrip: 2 } })) {
  t.test(`${title}, it carries all bytes in order, both ways, and the end of each way by itself`, async (t) => {
    const link = await linkTo(t, (socket) => void buffer(socket).then((heard) => socket.end(heard)), shape);
    const socket = open(link);
    socket.end(BYTES);
    t.ok((await buffer(socket)).equals(BYTES));
  });
}

t.test('bytes take at least the time that the link gives them, and a connection a way there and back', async (t) => {
  // 100,000 bytes at 8 Mbit/s are 100 ms.
  const link = await linkTo(t, (socket) => socket.end(BYTES.subarray(0, 100_000)), { megabits: 8, roundTrip: 40 });
  const begun = performance.now();
  t.equal((await buffer(open(link))).length, 100_000);
  // A timer may be early by less than a millisecond.
  t.ok(performance.now() - begun >= 40 + 100 + 20 - 1);
});

t.test('HTTP requests are counted, and nothing else', async (t) => {
  const link = await linkTo(t, (socket) => socket.on('data', () => socket.write('x')));
  const socket = open(link);
  for (const text of ['GET /a HTTP/1.1\r\n\r\n', 'hello', 'PUT /b HTTP/1.1\r\n\r\n']) {
    socket.write(text);
    await once(socket, 'data');
  }
  t.equal(link.requests, 2);
});
