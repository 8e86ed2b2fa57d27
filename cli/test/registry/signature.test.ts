// How `progy init` treats signatures: of the real registry, and of one that was tampered with.
import { readdir } from 'node:fs/promises';
import { listedKey, makeKeyPair, type PublicKey, signedMessage, signMessage } from '@progy/protocol/wire/signature.ts';
import { KEYS_PATH } from '@progy/protocol/wire/urls.ts';
import pacote from 'pacote';
import t, { type Test } from 'tap';
import { startRegistry } from '../../../fixtures/start-registry.ts';
import { run, views } from '../../commands/init.ts';
import { explainError } from '../../explain-error.ts';
import { testContext } from '../helpers/context.ts';
import { fixtureTarball, flipped, PUBLISHED_AT, sending, serving } from '../helpers/course-server.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';

const SPEC = '@diego/rust-mastery';
const tarball = await fixtureTarball('rust-mastery');
const pair = await makeKeyPair();
const key = await listedKey(pair.publicKey, null);
const foreign = await makeKeyPair();
const signature = await signMessage(signedMessage(SPEC, '1.0.0', tarball.integrity), pair);

/** The tarball's dist with other signatures. */
function signedWith(...signatures: unknown[]) {
  return (dist: Record<string, unknown>) => ({ ...dist, signatures });
}

async function init(t: Test, registry: string) {
  const context = await testContext(t.testdir({}));
  return { context, starting: run({ spec: SPEC, git: false, registry }, context) };
}

/** Starts a course at a registry that serves the fixture with these faults. */
async function initFrom(t: Test, faults: Parameters<typeof serving>[1]) {
  const server = await serveFaults(serving(tarball, faults));
  t.teardown(server.close);
  return { server, ...(await init(t, server.url)) };
}

t.test('the real registry', async (t) => {
  const registry = await startRegistry({ seed: true });
  t.teardown(() => registry.stop());
  const { keys } = (await (await fetch(registry.url + KEYS_PATH)).json()) as { keys: PublicKey[] };

  t.test('init verifies the signature and says which key made it', async (t) => {
    const { context, starting } = await init(t, registry.url);
    const result = await starting;
    t.ok(views.human(result).includes(`\n  signed by the registry, key ${keys[0]?.keyid}\n`));
    t.match(views.json(result), { signature: { keyid: keys[0]?.keyid } });
    t.same(context.talk.warnings, []);
  });

  t.test('pacote verifies it by itself, also offline, and not with a foreign key', async (t) => {
    const cache = t.testdir({});
    const verifying = (key: string | undefined, offline: boolean) =>
      pacote.manifest(SPEC, {
        cache,
        registry: registry.url,
        verifySignatures: true,
        offline,
        [`//${new URL(registry.url).host}/:_keys`]: keys.map((listed) => ({
          ...listed,
          pemkey: `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----`,
        })),
      });
    const own = keys[0]?.key;
    t.match(await verifying(own, false), { name: SPEC, _signatures: [{ keyid: keys[0]?.keyid }] });
    t.match(await verifying(own, true), { name: SPEC, _signatures: [{ keyid: keys[0]?.keyid }] });
    await t.rejects(verifying(foreign.publicKey, true), { code: 'EINTEGRITYSIGNATURE' });
  });
});

t.test('a rightly signed course is taken from any registry that lists the key', async (t) => {
  const { starting } = await initFrom(t, { keys: [key], dist: signedWith(signature) });
  t.match(await starting, { signature: { keyid: key.keyid } });
});

t.test('after a rotation the old key still proves what it signed before it expired', async (t) => {
  const next = await listedKey(foreign.publicKey, null);
  const rotated = { ...key, expires: new Date(Date.parse(PUBLISHED_AT) + 1).toISOString() };
  const { starting } = await initFrom(t, { keys: [next, rotated], dist: signedWith(signature) });
  t.match(await starting, { signature: { keyid: key.keyid } });
});

t.test('what a registry with keys did not sign like this is refused before it is downloaded', async (t) => {
  const byForeign = await signMessage(signedMessage(SPEC, '1.0.0', tarball.integrity), foreign);
  const ofOther = await signMessage(signedMessage(SPEC, '1.0.1', tarball.integrity), pair);
  const table: [string, PublicKey, unknown[], RegExp][] = [
    ['a swapped signature', key, [ofOther], /The signature of @diego\/rust-mastery 1\.0\.0 does not match the course/],
    ['a foreign key', key, [byForeign], /signed with a key that does not belong to http/],
    [
      'a foreign key by the name of ours',
      key,
      [{ ...byForeign, keyid: key.keyid }],
      /The signature of .* does not match the course/,
    ],
    [
      'a key that had expired',
      { ...key, expires: PUBLISHED_AT },
      [signature],
      /a key of http\S+ that had already expired/,
    ],
    ['no signature', key, [], /has no signature, but http\S+ signs what it publishes/],
    ['no signature at all', key, [null], /signed with a key that does not belong to http/],
  ];
  for (const [title, listed, signatures, error] of table) {
    const { server, context, starting } = await initFrom(t, { keys: [listed], dist: signedWith(...signatures) });
    t.match(await starting.then(() => undefined, explainError), { code: 'SIGNATURE', error }, title);
    t.same(await readdir(context.cwd), [], title);
    t.notOk(
      server.requests.some(({ url }) => url.endsWith('.tgz')),
      title,
    );
  }
});

t.test(
  'other bytes under a right signature are refused, and so are other bytes with their own integrity',
  async (t) => {
    const other = await fixtureTarball('sql-detective');
    const table: [string, string, Parameters<typeof serving>[1]][] = [
      ['one flipped byte', 'INTEGRITY', { tarballs: [sending(flipped(tarball.bytes))], dist: signedWith(signature) }],
      [
        'another course',
        'SIGNATURE',
        {
          tarballs: [sending(other.bytes)],
          dist: (dist) => ({ ...dist, integrity: other.integrity, signatures: [signature] }),
        },
      ],
    ];
    for (const [title, code, faults] of table) {
      const { context, starting } = await initFrom(t, { ...faults, keys: [key] });
      t.match(await starting.then(() => undefined, explainError), { code }, title);
      t.same(await readdir(context.cwd), [], title);
    }
  },
);

t.test('a registry that lists no keys is taken at its word, with a warning', async (t) => {
  for (const [title, keys] of Object.entries({ 'no such address': undefined, 'an empty list': [] })) {
    const { context, starting } = await initFrom(t, { keys });
    const result = await starting;
    t.equal(result.signature, undefined, title);
    t.notMatch(views.human(result), /signed/, title);
    t.match(views.json(result), { signature: null }, title);
    t.match(context.talk.warnings, [/lists no keys, so nothing proves that it published this/], title);
  }
});

t.test('a list of keys that cannot be read is an error, not an empty list', async (t) => {
  const serve = serving(tarball);
  for (const strange of [{ keys: 'none' }, { keys: [{ keyid: 'x' }] }, {}]) {
    const server = await serveFaults((request, response) =>
      request.url === KEYS_PATH ? answer(200, strange)(request, response) : serve(request, response),
    );
    t.teardown(server.close);
    const { starting } = await init(t, server.url);
    t.match(await starting.then(() => undefined, explainError), { code: 'NOT_A_REGISTRY' }, JSON.stringify(strange));
  }
});
