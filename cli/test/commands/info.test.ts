// `progy info`, against the real registry, and its reaction to courses that were tampered with.

import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { courseInfoSchema } from '@progy/protocol/wire/course-info.ts';
import { listedKey, makeKeyPair, signedMessage, signMessage } from '@progy/protocol/wire/signature.ts';
import { infoPath, KEYS_PATH, loginPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { startRegistry } from '../../../fixtures/start-registry.ts';
import { run, views } from '../../commands/info.ts';
import { explainError } from '../../explain-error.ts';
import type { InfoResult } from '../../views/info.ts';
import { testContext } from '../helpers/context.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';

const registry = await startRegistry({ seed: true });
t.teardown(() => registry.stop());
const context = await testContext(t.testdir({}), { env: { PROGY_REGISTRY: registry.url } });
const info = (spec: string) => run({ spec }, context);
const RUST = parsePackageName('@diego/rust-mastery');
const published = courseInfoSchema.parse(await (await fetch(registry.url + infoPath(RUST, 'latest'))).json());

t.test('a course is shown with its facts, what it teaches, and how to start it', async (t) => {
  const result = await info('@diego/rust-mastery');
  const keyid = result.signature.state === 'valid' ? result.signature.keyid : '';
  t.match(keyid, /^SHA256:/);
  const today = new Date().toISOString().slice(0, 10);
  t.equal(
    views.human(result).replace(/size .*/, 'size …'),
    `@diego/rust-mastery 1.0.0  Rust Mastery
Ownership, enums and traits in eight short exercises: learn to read what the
Rust compiler tells you.

  published  ${today} by diego (today), written by Diego
  licence    MIT
  keywords   rust, systems, webassembly
  size …
  signature  valid, by the registry’s key
             ${keyid}
  downloads  0 in 7 days, 0 in 30 days
  tags       latest 1.0.0
  versions   1.0.0

3 modules, 8 exercises:
   1. Ownership
      Moving a book
      Borrowing for a look
      Slices of a line
   2. Enums and pattern matching
      A parcel on its way
      Reading the clock
   3. Traits
      Paint for any shape
      Degrees on display
      Your own iterator

Next: progy init @diego/rust-mastery --registry ${registry.url}`,
  );
});

t.test('--json has all that the registry tells, and the state of the signature', async (t) => {
  t.match(views.json(await info('@marta/sql-detective')), {
    name: '@marta/sql-detective',
    distTags: { latest: '1.2.0' },
    manifest: { version: '1.2.0', dist: { progy: { tree: /^[0-9a-f]{64}$/ } } },
    outline: { moduleCount: 4, exerciseCount: 6 },
    signature: { state: 'valid', keyid: /^SHA256:/ },
    registry: registry.url,
  });
});

t.test('a version, a tag and a range name a version', async (t) => {
  for (const spec of ['1.0.0', 'latest', '^1', '1.x', '>=0.1 <2', '*', '']) {
    const result = await info(`@diego/rust-mastery${spec === '' ? '' : `@${spec}`}`);
    t.equal(result.info.manifest.version, '1.0.0', spec);
  }
  for (const spec of ['2.0.0', 'beta', '^9']) {
    const refusal = await info(`@diego/rust-mastery@${spec}`).then(() => undefined, explainError);
    t.match(refusal, { code: 'VERSION_NOT_FOUND' }, spec);
  }
});

t.test('what is not there, or is no name, is explained', async (t) => {
  t.match(await info('@diego/nothing').then(() => undefined, explainError), { code: 'PACKAGE_NOT_FOUND' });
  t.match(await info('rust').then(() => undefined, explainError), { code: 'INVALID_NAME' });
});

t.test('deprecated and yanked versions are told from others', async (t) => {
  const body = JSON.stringify({ name: 'marta', password: 'progy-demo-pass', type: 'user' });
  const { token } = (await (await fetch(registry.url + loginPath('marta'), { method: 'PUT', body })).json()) as {
    token: string;
  };
  const yank = (method: string) =>
    fetch(`${registry.url}/registry/yank/@marta/sql-detective/1.2.0`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"reason":"The thief is wrong"}',
    });
  t.equal((await yank('POST')).status, 200);
  const shown = views.human(await info('@marta/sql-detective@1.2.0'));
  t.match(shown, /\n {2}yanked {5}The thief is wrong\n/);
  t.match(shown, /\n {2}versions {3}1\.2\.0 \(yanked\)\n/);
  await yank('DELETE');
  t.notMatch(views.human(await info('@marta/sql-detective')), /yanked/);
});

/** The output for a registry that serves this instead of the published document. */
async function infoAt(changed: object, keys?: object): Promise<InfoResult> {
  const server = await serveFaults((request, response) =>
    request.url === KEYS_PATH
      ? answer(keys ? 200 : 404, keys ?? {})(request, response)
      : answer(200, { ...published, ...changed })(request, response),
  );
  t.teardown(server.close);
  return run({ spec: RUST.full, registry: server.url }, context);
}

t.test('a signature that proves nothing is said to, and nobody is told to start', async (t) => {
  const pair = await makeKeyPair();
  const keys = { keys: [await listedKey(pair.publicKey, null)] };
  const { manifest } = published;
  const ofOther = await signMessage(signedMessage(RUST.full, '9.9.9', manifest.dist.integrity), pair);
  const signedBy = (...signatures: unknown[]) => ({
    manifest: { ...manifest, dist: { ...manifest.dist, signatures } },
  });
  const table: [string, object, object | undefined, RegExp][] = [
    ['a foreign key', {}, keys, /NOT VALID: .*signed\s+with\s+a\s+key\s+that\s+does\s+not\s+belong\s+to/],
    ['a swapped signature', signedBy(ofOther), keys, /NOT VALID: .*does\s+not\s+match\s+the\s+course/],
    ['no signature', signedBy(), keys, /NOT VALID: .*has no\s+signature/],
    ['a registry that does not sign', {}, undefined, /none: http\S+ does not sign/],
  ];
  for (const [title, changed, listed, sentence] of table) {
    const shown = views.human(await infoAt(changed, listed));
    t.match(shown.replace(/\n {13}/g, ' '), sentence, title);
    t.match(shown, listed === undefined ? /Next: progy init/ : /Next: do not start it\. Tell the operator/, title);
  }
});

t.test('nothing of a course reaches the terminal raw, and a large outline is counted', async (t) => {
  const evil = '\u001b[2J\u202e';
  const modules = Array.from({ length: 30 }, (_, i) => ({
    id: `m${i}`,
    title: `Module ${i}${evil}`,
    exerciseCount: 40,
    exercises: [{ id: 'e', title: `one${evil}` }],
  }));
  const result = await infoAt({
    manifest: { ...published.manifest, description: evil, keywords: [evil], license: evil, progy: { title: evil } },
    distTags: { [evil]: '1.0.0' },
    outline: { moduleCount: 33, exerciseCount: 1_320, modules },
    versions: Array.from({ length: 25 }, (_, i) => ({ version: `1.${i}.0`, publishedAt: '2026-01-01T00:00:00.000Z' })),
  });
  const shown = views.human(result);
  t.notMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  t.match(shown, /33 modules, 1320 exercises:\n {3}1\. Module 0/);
  t.match(shown, / 30\. Module 29\S+ \(40 exercises\)\n {2}… and 3 more modules\n/);
  t.match(shown, 'and 15 older');
  t.match(shown, 'Next: progy init @diego/rust-mastery@1.0.0');
});

t.test('a version without an outline is shown without, and a strange answer is an error', async (t) => {
  t.notMatch(views.human(await infoAt({ outline: null })), /modules/);
  for (const changed of [{ name: '@other/course' }, { manifest: {} }, { outline: 'long' }, { versions: [1] }]) {
    t.match(
      await infoAt(changed).then(() => undefined, explainError),
      { code: 'NOT_A_REGISTRY' },
      JSON.stringify(changed),
    );
  }
});
