// PUT /@scope/slug with a tarball, as npm, pnpm, yarn and bun send it: what is published. What is refused: publish-refused.test.ts.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { downloadPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { bearer, openRegistry, PASSWORD, packCourse } from '../../../harness.ts';
import {
  attachmentsOf,
  courseFolder,
  distOf,
  documentOf,
  type Publish,
  publishFolder,
  publishOf,
  put,
  tarballOf,
} from '../../../helpers/npm-publish.ts';

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
await registry.signUp('marta');

async function storedKeys(): Promise<string[]> {
  return (await registry.env.R2.list()).objects.map(({ key }) => key);
}

async function attempts(): Promise<number | null> {
  return registry.env.DB.prepare('SELECT count(*) AS n FROM registry_publish_attempts').first('n');
}

/** Tree hash and hashes of both artifacts, as the registry serves them. */
async function served(name: string, version: string) {
  const { body } = await registry.json(`/${name.replace('/', '%2f')}/${version}`);
  const { dist } = body as { dist: Record<string, unknown> & { progy: Record<string, unknown> } };
  const bytesAt = async (path: string) => Buffer.from(await (await registry.fetch(path)).arrayBuffer());
  return {
    tree: dist.progy.tree,
    tarball: await bytesAt(tarballPath(parsePackageName(name), version)),
    progyFile: await bytesAt(downloadPath(parsePackageName(name), version)),
  };
}

/** What each client sends, field by field and in its order, as traced. */
const DIALECTS: Record<string, (publish: Publish) => Record<string, unknown>> = {
  'npm 12': (publish) => documentOf(publish),
  'pnpm 10, through npm': (publish) => {
    const { name, version } = publish;
    const manifest = {
      name,
      version,
      readmeFilename: 'README.md',
      readme: 'ERROR: No README data found!',
      _id: `${name}@${version}`,
      _integrity: distOf(publish).integrity,
      _resolved: '/tmp/79e176ba482154b0b8359561da1a56d6/diego-1.0.0.tgz',
      _from: 'file:diego-1.0.0.tgz',
      _nodeVersion: '24.21.0',
      _npmVersion: '11.19.1',
      dist: distOf(publish),
    };
    return documentOf(publish, { description: 'hi', versions: { [version]: manifest } });
  },
  'pnpm 12': (publish) => {
    const { name, version } = publish;
    const manifest = { name, version, scripts: {}, _id: `${name}@${version}`, dist: distOf(publish) };
    return documentOf(publish, { versions: { [version]: manifest } });
  },
  'yarn 1': (publish) => {
    const { access, _attachments, ...document } = documentOf(publish);
    return { ...document, readme: '', _attachments };
  },
  'yarn 4': (publish) => {
    const { name, version } = publish;
    const manifest = { name, version, _id: `${name}@${version}`, dist: distOf(publish) };
    return {
      _id: name,
      _attachments: attachmentsOf(publish),
      name,
      access: 'public',
      'dist-tags': { latest: version },
      versions: { [version]: manifest },
      readme: 'hi\n',
    };
  },
  bun: (publish) => {
    const { name, version } = publish;
    const { integrity, shasum } = distOf(publish);
    const more = { _integrity: integrity, _nodeVersion: '26.3.0', _npmVersion: '10.8.3', integrity, shasum };
    const manifest = { name, version, _id: `${name}@${version}`, ...more, readmeFilename: 'README.md' };
    return documentOf(publish, { versions: { [version]: { ...manifest, dist: distOf(publish) } } });
  },
};

for (const [client, document] of Object.entries(DIALECTS)) {
  t.test(`what ${client} sends publishes the course, and twice is 200`, async (t) => {
    const name = `@diego/${client.replace(/\W+/g, '-')}`;
    const sent = document(publishOf(name));
    const answer = await put(registry, diego, name, sent);
    t.match(answer, { status: 201, body: { ok: true, success: true, name, version: '1.0.0' } });
    const { body } = await registry.json(`/${name.replace('/', '%2f')}`);
    t.match(body, { 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { _npmUser: { name: 'diego' } } } });
    t.notMatch(JSON.stringify(body), /4873|_resolved|_from/, 'nothing of what the client said of itself is kept');
    const before = await storedKeys();
    const again = await put(registry, diego, name, sent);
    t.match(again, { status: 200, body: { already: true } });
    t.match(again.headers.get('npm-notice'), /was already published with the same content/);
    t.same(await storedKeys(), before);
    t.equal(await attempts(), 0);
  });
}

t.test('the door does not matter: the same folder gives the same tree and the same bytes', async (t) => {
  const files = {
    'runner/check.sh': '#!/bin/sh\n',
    'assets/a.bin': new Uint8Array(300_000).map((_, i) => i * i),
    'content/02_larger/text.md': 'all work and no play\n'.repeat(40_000),
    'content/02_larger/ünï.md': 'ü',
  };
  const course = { files: ['content', 'runner/**', 'assets/*', 'package.json'] };
  const folder = courseFolder('@diego/door', '1.0.0', files, course);
  const withDrafts = { ...folder, 'drafts/answers.md': 'secret', '.env': 'TOKEN=1', '.yarnrc.yml': 'a: b' };
  const sent = publishOf('@diego/door', '1.0.0');
  const tarball = tarballOf(withDrafts, ['runner/check.sh']);
  const answer = await put(registry, diego, '@diego/door', documentOf({ ...sent, tarball }));
  t.equal(answer.status, 201);
  t.equal(answer.headers.get('npm-notice'), 'Not part of the course: .env, .yarnrc.yml, drafts/answers.md.');
  const byNpm = await served('@diego/door', '1.0.0');

  const other = await openRegistry(t);
  const file = await packCourse('@diego/door', '1.0.0', { files: folder, executable: ['runner/check.sh'] });
  t.match(await other.publish(await other.signUp('diego'), file), { status: 201, body: { tree: byNpm.tree } });
  t.ok(byNpm.progyFile.equals(file), 'the .progy file has the same bytes');
  const { body } = await other.json('/@diego%2fdoor/1.0.0');
  const theirs = await (await other.fetch(tarballPath(parsePackageName('@diego/door'), '1.0.0'))).arrayBuffer();
  t.ok(byNpm.tarball.equals(Buffer.from(theirs)), 'so has the tarball');
  t.match(body, { dist: { progy: { tree: byNpm.tree } } });
});

t.test('package.json may be absent, and the top folder may have any name', async (t) => {
  const { 'package.json': _, ...folder } = courseFolder('@diego/absent');
  t.equal(
    (await put(registry, diego, '@diego/absent', documentOf(publishOf('@diego/absent', '1.0.0', folder)))).status,
    201,
  );
});

t.test('a tag other than latest is set, and latest keeps its rule', async (t) => {
  const publish = (version: string, tag: string) =>
    publishFolder(registry, diego, courseFolder('@diego/tags', version), { 'dist-tags': { [tag]: version } });
  t.match(await publish('1.0.0', 'latest'), { status: 201 });
  t.match(await publish('2.0.0-beta.1', 'beta'), { status: 201, body: { tag: 'beta' } });
  t.match(await publish('0.9.0', 'latest'), { status: 201 });
  const { body } = await registry.json('/@diego%2ftags');
  t.same(body['dist-tags'], { latest: '1.0.0', beta: '2.0.0-beta.1' });
  const again = await publish('2.0.0-beta.1', 'next');
  t.match(
    again.headers.get('npm-notice'),
    /The tag next was not set.*npm dist-tag add @diego\/tags@2\.0\.0-beta\.1 next/,
  );
});

t.test('other content for an existing version is 409 through either door', async (t) => {
  const folder = courseFolder('@diego/exists');
  const other = { ...folder, 'content/more.md': 'more' };
  t.equal((await publishFolder(registry, diego, folder)).status, 201);
  t.match(await publishFolder(registry, diego, other), { status: 409, body: { code: 'VERSION_EXISTS' } });
  const file = await packCourse('@diego/exists', '1.0.0', { files: other });
  t.match(await registry.publish(diego, file), { status: 409, body: { code: 'VERSION_EXISTS' } });
  const same = await packCourse('@diego/exists', '1.0.0', { files: folder });
  t.match(await registry.publish(diego, same), { status: 200, body: { already: true } });
});

t.test('of publishers that race through both doors one wins, and its bytes are served', async (t) => {
  for (let round = 0; round < 3; round++) {
    const name = `@diego/race-${round}`;
    const folders = [1, 2, 3].map((i) => courseFolder(name, '1.0.0', { 'content/who.md': `npm ${i}` }));
    const files = await Promise.all(
      [1, 2, 3].map((i) => packCourse(name, '1.0.0', { files: { 'content/who.md': `progy ${i}` } })),
    );
    const answers = await Promise.all([
      ...folders.map((folder) => publishFolder(registry, diego, folder)),
      ...files.map((file) => registry.publish(diego, file)),
    ]);
    t.same(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409]);
    const winner = answers.find(({ status }) => status === 201);
    t.equal((await served(name, '1.0.0')).tree, winner?.body.tree);
  }
  t.equal((await storedKeys()).filter((key) => key.startsWith('packages/@diego/race-')).length, 6);
  t.equal(await attempts(), 0);
});

t.test('--access restricted hides a new course, and never shows what was to be hidden', async (t) => {
  const publish = (version: string, access: string | null, course = {}) =>
    publishFolder(registry, diego, courseFolder('@diego/hidden', version, {}, course), { access });
  t.equal((await publish('1.0.0', 'restricted')).status, 201);
  t.equal((await registry.json('/@diego%2fhidden')).status, 404);
  t.equal((await registry.json('/@diego%2fhidden', { headers: bearer(diego) })).status, 200);
  t.equal((await publish('1.1.0', 'public')).status, 201);
  t.equal((await publish('1.2.0', null)).status, 201);
  t.equal((await registry.json('/@diego%2fhidden')).status, 404, 'publishing does not show it');

  t.equal((await publishFolder(registry, diego, courseFolder('@diego/shown'))).status, 201);
  const hiding = await publishFolder(registry, diego, courseFolder('@diego/shown', '1.1.0'), { access: 'restricted' });
  t.match(hiding, {
    status: 400,
    body: { code: 'METADATA_MISMATCH', field: 'access', error: /npm access set status=restricted/ },
  });
  t.equal((await registry.json('/@diego%2fshown/1.1.0')).status, 404);

  const course = (version: string, more: object) => courseFolder('@diego/private', version, {}, more);
  const restricted = { access: 'restricted' };
  t.equal((await publishFolder(registry, diego, course('1.0.0', { private: true }), restricted)).status, 201);
  t.equal((await registry.json('/@diego%2fprivate')).status, 404);
  t.equal((await publishFolder(registry, diego, course('1.1.0', {}), restricted)).status, 201);
  t.equal((await registry.json('/@diego%2fprivate')).status, 404, 'no longer private, but restricted');
});

t.test(
  'of a public and a restricted first version that race, the course ends up restricted or one is refused',
  async (t) => {
    for (let round = 0; round < 4; round++) {
      const name = `@diego/first-${round}`;
      const publish = (version: string, access: string) =>
        publishFolder(registry, diego, courseFolder(name, version), { access });
      const [open, hidden] = await Promise.all([publish('1.0.0', 'public'), publish('1.1.0', 'restricted')]);
      t.equal(open.status, 201);
      const seen = await registry.json(`/${name.replace('/', '%2f')}/1.1.0`);
      t.equal(seen.status, 404, 'what was to be hidden is hidden, or was not published');
      t.equal(hidden.status, (await registry.json(`/${name.replace('/', '%2f')}`)).status === 200 ? 400 : 201);
    }
  },
);

t.test(
  'scripts are executable from clients that pack no exec bits: pnpm 10, yarn 4, and those on Windows',
  async (t) => {
    const agents: [agent: string, executable: boolean, said?: object][] = [
      ['npm/12.2.0 node/v24.21.0 linux x64 workspaces/false', false],
      ['npm/11.19.1 node/v24.21.0 linux x64 workspaces/false', true, { _from: 'file:diego-1.0.0.tgz' }],
      ['yarn/1.22.22 npm/? node/v24.21.0 darwin arm64', false],
      ['npm/12.2.0 node/v24.21.0 win32 x64 workspaces/false', true],
      ['got (https://github.com/sindresorhus/got)', true],
    ];
    for (const [i, [agent, executable, said]] of agents.entries()) {
      const name = `@diego/agent-${i}`;
      const files = { 'run.sh': '#!/bin/sh\n' };
      const folder = courseFolder(name, '1.0.0', files);
      const manifest = { name, version: '1.0.0', ...said };
      const document = documentOf(publishOf(name, '1.0.0', folder), { versions: { '1.0.0': manifest } });
      const answer = await put(registry, diego, name, document, { 'User-Agent': agent });
      const file = await packCourse(name, '1.0.0', { files: folder, executable: executable ? ['run.sh'] : [] });
      t.match(await registry.publish(diego, file), { status: 200, body: { tree: answer.body.tree } }, agent);
    }
  },
);

t.test('a read-only token, or one for other courses, publishes nothing', async (t) => {
  const limited = async (limits: Record<string, unknown>) => {
    const body = JSON.stringify({ password: PASSWORD, readonly: false, cidr_whitelist: [], ...limits });
    const headers = { ...bearer(diego), 'Content-Type': 'application/json' };
    return String((await registry.json('/-/npm/v1/tokens', { method: 'POST', headers, body })).body.token);
  };
  for (const token of [await limited({ readonly: true }), await limited({ packages: ['@diego/other'] })]) {
    const answer = await put(registry, token, '@diego/limited', documentOf(publishOf('@diego/limited')));
    t.match(answer, { status: 403, body: { code: 'FORBIDDEN' } });
  }
});
