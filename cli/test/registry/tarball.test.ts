import { readdir, stat } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { Tarballs } from '../../cache/tarballs.ts';
import { agentFor } from '../../network/agent.ts';
import { NETWORK_POLICY } from '../../network/policy.ts';
import { downloadTarball, receiveKept, type TarballMeans } from '../../registry/tarball.ts';
import { integrityOf, sendingPart } from '../helpers/course-server.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';

const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7 + (index >> 8)) % 256));
const INTEGRITY = integrityOf(BYTES);
const ETAG = '"a-tarball"';
const policy = { ...NETWORK_POLICY, firstWaitMs: 0 };

/** A registry, a cache, and what a download said. */
async function downloading(t: Test, ...listeners: RequestListener[]) {
  const ranges: unknown[] = [];
  const said: string[] = [];
  const remembering = listeners.map(
    (listener): RequestListener =>
      (request, response) => {
        ranges.push(request.headers.range);
        listener(request, response);
      },
  );
  const server = await serveFaults(...remembering);
  t.teardown(server.close);
  const cache = join(t.testdir({}), 'cache');
  const wanted = { resolved: `${server.url}/@diego/rust/-/rust-1.0.0.tgz`, integrity: INTEGRITY };
  const network = { policy, say: (line: string) => void said.push(line) };
  const means = async (signal = new AbortController().signal): Promise<TarballMeans> => ({
    registry: { ...server.registry(), network },
    tarballs: new Tarballs(cache),
    agent: await agentFor(server.url, policy),
    signal,
    report: () => {},
  });
  const download = async (signal?: AbortSignal) => (await downloadTarball(wanted, buffer, await means(signal))).value;
  const kept = async () => (await receiveKept(wanted, buffer, await means()))?.value;
  return { cache, wanted, means, download, kept, ranges, said };
}

/** Sends so many bytes of what is asked for, and breaks off as soon as they are on the disk. */
function breakingOff(t: Test, bytes: number): RequestListener {
  return async (request, response) => {
    const offset = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
    const range = { 'content-range': `bytes ${offset}-${BYTES.length - 1}/${BYTES.length}` };
    response.writeHead(offset === 0 ? 200 : 206, { etag: ETAG, 'content-length': BYTES.length - offset, ...range });
    response.write(BYTES.subarray(offset, offset + bytes));
    await somethingIn(join(t.testdirName, 'cache', 'parts'), offset + bytes);
    request.socket.destroy();
  };
}

t.test('a download that breaks off goes on where it was, and says so', async (t) => {
  const { download, kept, ranges, said } = await downloading(
    t,
    breakingOff(t, 100_000),
    sendingPart(BYTES, { etag: ETAG }),
  );
  t.ok((await download()).equals(BYTES));
  t.same(ranges, [undefined, 'bytes=100000-']);
  t.match(said, [/^The (?:connection|answer) .* was (?:lost|cut off)\. Trying again in 1 second \(try 2\)\.$/]);
  t.ok((await kept())?.equals(BYTES), 'and it is in the cache as a whole');
});

t.test('the next run goes on with what an interrupted one left', async (t) => {
  const ending = new AbortController();
  const { cache, download, ranges, kept } = await downloading(
    t,
    (_, response) => {
      response.writeHead(200, { etag: ETAG, 'content-length': BYTES.length });
      response.write(BYTES.subarray(0, 150_000));
    },
    sendingPart(BYTES, { etag: ETAG }),
  );
  const interrupted = download(ending.signal);
  await somethingIn(join(cache, 'parts'));
  ending.abort(new Error('Interrupted'));
  await t.rejects(interrupted, { message: 'Interrupted' });
  t.equal((await readdir(join(cache, 'parts'))).length, 1);
  t.ok((await download()).equals(BYTES));
  t.match(ranges[1], /^bytes=[1-9]\d*-$/);
  t.ok((await kept())?.equals(BYTES));
  t.same(await readdir(join(cache, 'parts')), []);
});

/** Waits until a file in a folder has so many bytes. */
async function somethingIn(folder: string, bytes = 1): Promise<void> {
  for (;;) {
    for (const name of await readdir(folder).catch(() => [])) {
      const size = (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0;
      if (size >= bytes) return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

t.test('of another file than before, everything is downloaded', async (t) => {
  const other = Buffer.from(BYTES).reverse();
  const { download, ranges } = await downloading(
    t,
    sendingPart(other, { etag: '"old"', cutAfter: 50_000 }),
    sendingPart(BYTES, { etag: ETAG }),
  );
  t.ok((await download()).equals(BYTES));
  t.equal(ranges.at(-1), undefined);
});

t.test('a server without ranges sends everything again, and what was there is skipped', async (t) => {
  const { download } = await downloading(
    t,
    sendingPart(BYTES, { ranges: false, cutAfter: 120_000 }),
    sendingPart(BYTES, { ranges: false }),
  );
  t.ok((await download()).equals(BYTES));
});

t.test('a server that never sends anything is asked three times', async (t) => {
  const { download, ranges } = await downloading(t, (request) => request.socket.destroy());
  await t.rejects(download(), { code: 'ECONNRESET' });
  t.equal(ranges.length, 3);
});

t.test('one that always breaks off is asked ten times, and nothing of what it sent is lost', async (t) => {
  const dripping = await downloading(t, breakingOff(t, 1000));
  await t.rejects(dripping.download(), { code: 'ECONNRESET' });
  t.equal(dripping.ranges.length, 10);
  await t.rejects(dripping.download(), { code: 'ECONNRESET' });
  t.equal(dripping.ranges[10], 'bytes=10000-');
});

t.test('wrong bytes are asked for once more, from the start, and never kept', async (t) => {
  const wrong = Buffer.from(BYTES).reverse();
  const { download, kept, ranges } = await downloading(t, sendingPart(wrong, { etag: ETAG }));
  await t.rejects(download(), { code: 'EINTEGRITY' });
  t.same(ranges, [undefined, undefined]);
  t.equal(await kept(), undefined);
});

t.test('a web page, a refusal and a redirect are told, whatever was there before', async (t) => {
  const table: [RequestListener, { code: string; message?: RegExp }][] = [
    [answer(200, '<html>Sign in</html>'), { code: 'NOT_A_REGISTRY', message: /a web page/ }],
    [answer(403, { error: 'no', code: 'FORBIDDEN' }), { code: 'FORBIDDEN' }],
    [answer(302, '', { location: 'http://127.0.0.2/' }), { code: 'NOT_A_REGISTRY' }],
  ];
  for (const [listener, expected] of table) {
    const fresh = await downloading(t, listener);
    await t.rejects(fresh.download(), expected);
    const half = await downloading(t, sendingPart(BYTES, { etag: ETAG, cutAfter: 1000 }), listener);
    await t.rejects(half.download(), expected);
  }
});

t.test('what must not be stored is not stored, in no form', async (t) => {
  const headers = { 'cache-control': 'private, no-store' };
  const { cache, download, kept } = await downloading(
    t,
    sendingPart(BYTES, { etag: ETAG, headers, cutAfter: 100_000 }),
    sendingPart(BYTES, { etag: ETAG, headers }),
  );
  t.ok((await download()).equals(BYTES));
  t.equal(await kept(), undefined);
  t.same(await readdir(join(cache, 'parts')).catch(() => []), []);
});

t.test('the same version of two registries is two tarballs', async (t) => {
  const other = Buffer.from(BYTES).reverse();
  const one = await downloading(t, sendingPart(BYTES, { etag: ETAG }));
  const two = await serveFaults(sendingPart(other, { etag: ETAG }));
  t.teardown(two.close);
  await one.download();
  const means = await one.means();
  const { resolved } = one.wanted;
  const elsewhere = { resolved: resolved.replace(/^http:\/\/[^/]+/, two.url) };
  t.equal(await receiveKept(elsewhere, buffer, means), undefined);
  t.ok((await downloadTarball(elsewhere, buffer, means)).value.equals(other));
  t.ok((await receiveKept(elsewhere, buffer, means))?.value.equals(other));
  t.ok((await receiveKept({ resolved }, buffer, means))?.value.equals(BYTES));
});

t.test('two downloads of one tarball at the same time do not disturb each other', async (t) => {
  const { download, kept, cache } = await downloading(t, sendingPart(BYTES, { etag: ETAG }));
  for (const bytes of await Promise.all([download(), download(), download()])) t.ok(bytes.equals(BYTES));
  t.ok((await kept())?.equals(BYTES));
  t.same(await readdir(join(cache, 'parts')), []);
});

t.test('wherever a connection breaks, the tarball is the same or there is none', async (t) => {
  const cuts = fc.array(fc.integer({ min: 1, max: 199_999 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(cuts, fc.boolean(), fc.boolean(), async (cutsAfter, ranges, hasEtag) => {
      const etag = hasEtag ? { etag: ETAG } : {};
      const sendings = cutsAfter.map((cutAfter) => sendingPart(BYTES, { ...etag, ranges, cutAfter }));
      const { download } = await downloading(t, ...sendings, sendingPart(BYTES, { ...etag, ranges }));
      // Connections that break again and again without bringing anything are an error.
      const bytes = await download().catch((error: NodeJS.ErrnoException) => error.code);
      return bytes === 'ECONNRESET' ? cutsAfter.length > 2 : BYTES.equals(bytes as Buffer);
    }),
    { numRuns: 25 },
  );
});
