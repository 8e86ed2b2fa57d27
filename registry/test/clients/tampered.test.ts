// How `progy init` treats a registry whose storage was tampered with: it refuses, says why, and leaves nothing behind.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import type { Manifest } from '@progy/protocol/wire/packument.ts';
import { makeKeyPair, signedMessage, signMessage } from '@progy/protocol/wire/signature.ts';
import { packumentPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import t, { type Test } from 'tap';
import { setSignature } from '../helpers/local-state.ts';
import { openStarted } from '../helpers/started-registry.ts';
import { temporaryFolder } from './helpers/folders.ts';
import { progy } from './helpers/progy.ts';

const RUST = parsePackageName('@diego/rust-mastery');
const SQL = parsePackageName('@marta/sql-detective');
const registry = await openStarted(t, { seed: true });
const distOf = async (name: typeof RUST) =>
  ((await registry.json(`${packumentPath(name)}/latest`)).body as unknown as Manifest).dist;
const { integrity, signatures = [] } = await distOf(RUST);

/** Runs progy init on a new machine; returns its output, and the folder's content afterwards. */
async function init(t: Test): Promise<{ said: string; left: string[] }> {
  const [home, cwd] = [await temporaryFolder(t), await temporaryFolder(t)];
  const running = progy(['init', RUST.full, 'course'], { cwd, home, env: { PROGY_REGISTRY: registry.url } });
  const said = await running.catch((error: Error) => error.message);
  return { said, left: readdirSync(cwd) };
}

/** The files in which the registry has the tarball: the stored one, and the copy in the runtime's cache. */
async function tarballFiles(bytes: Buffer): Promise<string[]> {
  const stores = join(registry.state, 'v3');
  const files = readdirSync(stores, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('/blobs/'));
  return files.map((path) => join(stores, path)).filter((path) => readFileSync(path).equals(bytes));
}

t.test('untouched it starts, and the key is named', async (t) => {
  const { said, left } = await init(t);
  t.match(said, `signed by the registry, key ${signatures[0]?.keyid}`);
  t.same(left, ['course']);
});

t.test('a swapped signature is refused', async (t) => {
  setSignature(registry.state, RUST.full, (await distOf(SQL)).signatures?.[0]);
  const { said, left } = await init(t);
  t.match(
    said,
    /ended with 1:\nerror The signature of @diego\/rust-mastery 1\.0\.0 does not match the course \(SIGNATURE\)/,
  );
  t.match(said, /Next: Nothing was written\. Tell the operator of the registry/);
  t.same(left, []);
});

t.test('a signature by a foreign key is refused, under its own name and under that of the registry’s', async (t) => {
  const foreign = await signMessage(signedMessage(RUST.full, '1.0.0', integrity), await makeKeyPair());
  for (const [keyid, sentence] of [
    [foreign.keyid, /is signed with a key that does not belong to http\S+ \(SIGNATURE\)/],
    [signatures[0]?.keyid ?? '', /The signature of .* does not match the course \(SIGNATURE\)/],
  ] as const) {
    setSignature(registry.state, RUST.full, { ...foreign, keyid });
    const { said, left } = await init(t);
    t.match(said, sentence);
    t.same(left, []);
  }
  setSignature(registry.state, RUST.full, signatures[0]);
});

t.test('one flipped byte in the tarball is refused, though the signature is right', async (t) => {
  const bytes = Buffer.from(await (await registry.fetch(tarballPath(RUST, '1.0.0'))).arrayBuffer());
  const files = await tarballFiles(bytes);
  t.ok(files.length > 0, `${files.length} files`);
  const middle = bytes.length >> 1;
  const flipped = Buffer.from(bytes).fill((bytes[middle] ?? 0) ^ 1, middle, middle + 1);
  for (const file of files) writeFileSync(file, flipped);
  const { said, left } = await init(t);
  t.match(said, /The downloaded course does not match its checksum \(INTEGRITY\)\nNext: Nothing was written/);
  t.same(left, []);
  for (const file of files) writeFileSync(file, bytes);
  t.same((await init(t)).left, ['course'], 'with the byte back it starts');
});
