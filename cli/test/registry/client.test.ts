import { bytesSource } from '@progy/protocol/bytes/artifact-source.ts';
import type { PublishMetadata, PublishReceipt } from '@progy/protocol/wire/publish.ts';
import t from 'tap';
import { createRegistryClient } from '../../registry/client.ts';
import { answer, reset, serveFaults } from '../helpers/fault-server.ts';

// What a working registry answers is tested against the real one, in commands/*.test.ts. These are its bad days.
const signal = new AbortController().signal;
const silent = () => {};
const SOURCE = bytesSource(new TextEncoder().encode('the bytes of a course'));
const METADATA: PublishMetadata = { name: '@diego/rust', version: '1.0.0', tree: 'a', checksum: 'b', sizeBytes: 5 };
const PUBLISHED: PublishReceipt = {
  ok: true,
  success: true,
  name: '@diego/rust',
  version: '1.0.0',
  url: 'http://x.test/',
  integrity: 'sha512-x',
  checksum: 'b',
  sizeBytes: 21,
  tree: 'a',
};

t.test('a busy registry is asked again when it says so', async (t) => {
  const server = await serveFaults(
    answer(503, { error: 'busy', code: 'UNAVAILABLE' }, { 'retry-after': '0' }),
    answer(200, { username: 'diego' }),
  );
  t.teardown(server.close);
  t.equal(await createRegistryClient(server.registry('x'), signal).whoami(), 'diego');
  t.equal(server.requests.length, 2);
});

t.test('asking ends after two more tries', async (t) => {
  const server = await serveFaults(answer(429, {}, { 'retry-after': '0' }));
  t.teardown(server.close);
  await t.rejects(createRegistryClient(server.registry('x'), signal).whoami(), { code: 'RATE_LIMITED' });
  t.equal(server.requests.length, 3);
});

t.test('signing in is never repeated by itself', async (t) => {
  const server = await serveFaults(answer(429, {}, { 'retry-after': '0' }));
  t.teardown(server.close);
  await t.rejects(createRegistryClient(server.registry(), signal).login('diego', 'pw'), { code: 'RATE_LIMITED' });
  t.equal(server.requests.length, 1);
});

t.test('a redirect takes neither password nor token along', async (t) => {
  const other = await serveFaults(answer(200, { username: 'mallory', token: 'x' }));
  t.teardown(other.close);
  const server = await serveFaults(answer(307, '', { location: `${other.url}/-/whoami` }));
  t.teardown(server.close);
  const client = createRegistryClient(server.registry('secret'), signal);
  await t.rejects(client.whoami(), { code: 'NOT_A_REGISTRY' });
  await t.rejects(client.login('diego', 'pw'), { code: 'NOT_A_REGISTRY' });
  t.same(other.requests, []);
});

t.test('a guest network’s sign-in page is explained', async (t) => {
  const server = await serveFaults(answer(200, '<html>Welcome</html>'));
  t.teardown(server.close);
  await t.rejects(createRegistryClient(server.registry('x'), signal).whoami(), {
    code: 'NOT_A_REGISTRY',
    message: /a web page/,
  });
});

t.test('an address where nothing answers is named', async (t) => {
  const server = await serveFaults(answer(200, {}));
  await server.close();
  await t.rejects(createRegistryClient(server.registry('x'), signal).whoami(), {
    code: 'UNREACHABLE',
    message: `Nothing is listening at ${server.url}`,
  });
});

t.test('a token that the registry does not know is as good as revoked', async (t) => {
  const server = await serveFaults(answer(401, { error: 'no', code: 'UNAUTHORIZED' }), answer(500, {}));
  t.teardown(server.close);
  const client = createRegistryClient(server.registry('x'), signal);
  t.equal(await client.logout(), false);
  await t.rejects(client.logout(), { code: 'INTERNAL' });
});

t.test('a connection that breaks during the upload is tried once more', async (t) => {
  const server = await serveFaults(reset, answer(201, PUBLISHED));
  t.teardown(server.close);
  const published = await createRegistryClient(server.registry('x'), signal).publish(
    SOURCE,
    'rust-1.0.0.progy',
    METADATA,
    silent,
  );
  t.match(published, { name: '@diego/rust', sizeBytes: 21 });
  t.equal(server.requests.length, 2);
});

t.test('a connection that keeps breaking is explained', async (t) => {
  const server = await serveFaults(reset);
  t.teardown(server.close);
  const client = createRegistryClient(server.registry('x'), signal);
  await t.rejects(client.publish(SOURCE, 'x.progy', METADATA, silent), {
    code: 'UNREACHABLE',
    message: /The connection to .* was lost/,
  });
  t.equal(server.requests.length, 2);
});

t.test('the upload states its length and brings metadata first', async (t) => {
  const bodies: string[] = [];
  const lengths: (string | undefined)[] = [];
  const server = await serveFaults((request, response) => {
    let body = '';
    lengths.push(request.headers['content-length']);
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(PUBLISHED));
    });
  });
  t.teardown(server.close);
  await createRegistryClient(server.registry('x'), signal).publish(SOURCE, 'rust-1.0.0.progy', METADATA, silent);
  t.equal(lengths[0], String(bodies[0]?.length));
  t.match(
    bodies[0],
    /name="metadata"[\s\S]*"@diego\/rust"[\s\S]*name="file"; filename="rust-1\.0\.0\.progy"[\s\S]*the bytes of a course/,
  );
});

t.test('an answer that comes before the upload ended is read, and ends it', async (t) => {
  const large = bytesSource(new Uint8Array(64 * 1024 * 1024));
  const server = await serveFaults((_request, response) => {
    response.writeHead(409, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: 'Version already exists', code: 'VERSION_EXISTS' }));
  });
  t.teardown(server.close);
  const client = createRegistryClient(server.registry('x'), signal);
  await t.rejects(client.publish(large, 'x.progy', METADATA, silent), { code: 'VERSION_EXISTS' });
});

t.test('Ctrl-C ends an upload', async (t) => {
  const interruption = new AbortController();
  const server = await serveFaults(() => interruption.abort());
  t.teardown(server.close);
  const client = createRegistryClient(server.registry('x'), interruption.signal);
  await t.rejects(client.publish(SOURCE, 'x.progy', METADATA, silent), { name: 'AbortError' });
  t.equal(server.requests.length, 1);
});
