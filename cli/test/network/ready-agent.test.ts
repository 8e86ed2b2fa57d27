import { once } from 'node:events';
import http, { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { readyAgent } from '../../network/ready-agent.ts';

async function server(t: Test) {
  const sockets: Socket[] = [];
  const listening = createServer((_, response) => response.end('hello'));
  listening.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    listening.close();
    listening.closeAllConnections();
  });
  const { port } = listening.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, sockets, connected: once(listening, 'connection') };
}

async function ask(url: string, agent: http.Agent | undefined): Promise<string> {
  const [response] = (await once(http.get(url, { agent }), 'response')) as [IncomingMessage];
  return text(response);
}

t.test('connections are there before anybody asks, and requests take them', async (t) => {
  const { url, sockets, connected } = await server(t);
  const agent = await readyAgent(url, {});
  await connected;
  for (let request = 0; request < 3; request++) t.equal(await ask(url, agent), 'hello');
  t.equal(sockets.length, 2, 'the second one waits for a request that comes meanwhile');
});

t.test('requests at once get connections of their own', async (t) => {
  const { url, sockets } = await server(t);
  const agent = await readyAgent(url, {});
  t.same(await Promise.all([ask(url, agent), ask(url, agent), ask(url, agent)]), ['hello', 'hello', 'hello']);
  t.equal(sockets.length, 3);
});

t.test('another address gets none that is for this one', async (t) => {
  const [here, there] = await Promise.all([server(t), server(t)]);
  const agent = await readyAgent(here.url, {});
  await here.connected;
  t.equal(await ask(there.url, agent), 'hello');
  t.equal(there.sockets.length, 1);
});

t.test('a connection that broke before it was used is made again', async (t) => {
  const { url, sockets, connected } = await server(t);
  const agent = await readyAgent(url, {});
  await connected;
  for (const socket of sockets) socket.resetAndDestroy();
  t.equal(await ask(url, agent).catch(() => ask(url, agent)), 'hello');
});

t.test('an address where nothing answers is found out by whoever asks', async (t) => {
  const agent = await readyAgent('http://127.0.0.1:1/', {});
  await t.rejects(ask('http://127.0.0.1:1/', agent), { code: 'ECONNREFUSED' });
});

t.test('with a proxy there is none', async (t) => {
  for (const name of ['http_proxy', 'HTTPS_PROXY', 'all_proxy', 'proxy']) {
    t.equal(await readyAgent('http://127.0.0.1:1/', { [name]: 'http://127.0.0.1:2' }), undefined, name);
  }
});
