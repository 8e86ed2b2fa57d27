import { mkdir, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { serveMirror } from '../../../classroom/mirror/serve-mirror.ts';

/** A mirror with one packument, and what is around it. */
async function served(t: Test) {
  const folder = t.testdir({ 'secret.txt': 'not for students', mirror: {} });
  const root = join(folder, 'mirror');
  const put = async (path: string, text: string) => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const tarball = 'http://old.example:1/@diego/rust/-/rust-1.0.0.tgz';
  await put(
    'progy-mirror.json',
    '{"format":1,"registry":"https://r.example/","url":"http://old.example:1","courses":[]}',
  );
  await put(
    '@diego/rust/index.html',
    JSON.stringify({ readme: tarball, versions: { '1.0.0': { dist: { tarball } } } }),
  );
  await put('@diego/rust/abbreviated.json', '{"isAbbreviated":true}');
  await put('@diego/rust/-/rust-1.0.0.tgz', 'the bytes');
  await put('registry/download/@diego/rust/1.0.0', '{"tarball":"http://old.example:1/x"}');
  await put('-/npm/v1/keys', '{"keys":[]}');
  await put('.npmrc', '//r.example/:_authToken=secret');
  await put('.Trash-1000/files/marks.csv', 'anna,1');
  await symlink(join(folder, 'secret.txt'), join(root, 'link.txt'));
  const server = await serveMirror(root, 0, '127.0.0.1');
  t.teardown(server.close);
  const ask = (path: string, options: http.RequestOptions = {}) => request(server.port, path, options);
  return { ask, port: server.port };
}

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

/** With the path exactly as it is written: fetch would tidy it. */
function request(port: number, path: string, options: http.RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = http.request({ port, host: '127.0.0.1', path, ...options }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, type: response.headers['content-type'], text });
    });
    sent.on('error', reject).end();
  });
}

t.test('a packument names the address that it was asked at, in every spelling of npm', async (t) => {
  const { ask, port } = await served(t);
  for (const path of ['/@diego%2frust', '/@diego%2Frust', '/@diego/rust', '/@diego/rust/']) {
    const { status, type, text } = await ask(path);
    t.equal(status, 200, path);
    t.equal(type, 'application/json');
    const { versions, readme } = JSON.parse(text);
    t.equal(versions['1.0.0'].dist.tarball, `http://127.0.0.1:${port}/@diego/rust/-/rust-1.0.0.tgz`);
    t.equal(readme, 'http://old.example:1/@diego/rust/-/rust-1.0.0.tgz', 'what an author wrote stays');
  }
  const { text } = await ask('/@diego%2frust', { headers: { host: 'teacher.local:8788' } });
  t.match(text, '"http://teacher.local:8788/@diego/rust/-/rust-1.0.0.tgz"');
});

t.test('npm gets the abbreviated form when it asks for it', async (t) => {
  const { ask } = await served(t);
  const accept = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*';
  t.equal((await ask('/@diego%2frust', { headers: { accept } })).text, '{"isAbbreviated":true}');
});

t.test('files come as they are, with their types', async (t) => {
  const { ask } = await served(t);
  for (const [path, type, text] of [
    ['/@diego/rust/-/rust-1.0.0.tgz', 'application/octet-stream', 'the bytes'],
    ['/@diego%2frust/-/rust-1.0.0.tgz', 'application/octet-stream', 'the bytes'],
    ['/registry/download/@diego/rust/1.0.0', 'application/octet-stream', '{"tarball":"http://old.example:1/x"}'],
    ['/-/npm/v1/keys', 'application/json', '{"keys":[]}'],
    ['/-/npm/v1/keys?x=1', 'application/json', '{"keys":[]}'],
  ] as const)
    t.match(await ask(path), { status: 200, type, text }, path);
  t.match(await ask('/@diego/rust/-/rust-1.0.0.tgz', { method: 'HEAD' }), { status: 200, text: '' });
});

t.test('nothing outside the folder is served, however it is spelled', async (t) => {
  const { ask } = await served(t);
  for (const path of [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/@diego/../../secret.txt',
    '/..%5csecret.txt',
    '/link.txt',
    '/secret.txt%00',
    '/%',
    '/C:/secret.txt',
    `/${'a/'.repeat(2_000)}`,
    '/',
    '/@diego',
    '/@diego/absent',
  ]) {
    const { status, text } = await ask(path);
    t.equal(status, 404, path.slice(0, 40));
    t.match(JSON.parse(text), { code: 'NOT_FOUND' });
  }
});

t.test('hidden files, which no registry has, are not served, however they are spelled', async (t) => {
  const { ask } = await served(t);
  for (const path of ['/.npmrc', '/%2enpmrc', '/.Trash-1000/files/marks.csv', '/@diego%2f..%2f.npmrc'])
    t.match(await ask(path), { status: 404 }, path);
});

t.test('nothing is written, and npm’s question for advisories has an empty answer', async (t) => {
  const { ask } = await served(t);
  t.match(await ask('/@diego%2frust', { method: 'PUT' }), { status: 405 });
  t.match(await ask('/-/npm/v1/security/advisories/bulk', { method: 'POST' }), { status: 200, text: '{}' });
});

t.test('a Host header that is no host is refused', async (t) => {
  const { ask } = await served(t);
  for (const host of ['evil"', 'a b', `${'a'.repeat(300)}`, 'a/b'])
    t.match(await ask('/@diego%2frust', { headers: { host } }), { status: 400 }, host.slice(0, 20));
});

t.test('a folder that is no mirror is not served', async (t) => {
  const folder = t.testdir({ 'progy-mirror.json': '{}' });
  await t.rejects(serveMirror(folder, 0, '127.0.0.1'), { code: 'NOT_A_MIRROR' });
  await t.rejects(serveMirror(join(folder, 'absent'), 0, '127.0.0.1'), { code: 'NOT_A_MIRROR' });
});
