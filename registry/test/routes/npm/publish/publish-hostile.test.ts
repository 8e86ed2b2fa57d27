// PUT /@scope/slug with tarballs that no npm client packs: each is refused for the right reason, and leaves nothing behind.

import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { downloadPath, tarballPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { hostilePackages } from '../../../../../fixtures/hostile-packages.ts';
import { bearer, openRegistry, packCourse } from '../../../harness.ts';
import { courseFolder, documentOf, put, tarballOf } from '../../../helpers/npm-publish.ts';
import { RawConnection, requestText } from '../../../helpers/raw-http.ts';

const packages = hostilePackages();
const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const NAME = '@diego/hostile';
const publish = (tarball: Uint8Array, name = NAME, version = '1.0.0') =>
  put(registry, diego, name, documentOf({ name, version, tarball }));

t.test('every hostile tarball is a 4xx that says why', async (t) => {
  for (const { title, code, because, tarball } of packages) {
    const { status, body } = await publish(tarball);
    t.match({ status, ...body }, { status: code === 'PAYLOAD_TOO_LARGE' ? 413 : 400, code, error: because }, title);
  }
  t.same((await registry.env.R2.list()).objects, []);
  for (const table of ['registry_packages', 'registry_versions', 'registry_publish_attempts'])
    t.equal(await registry.env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first('n'), 0, table);
});

t.test('a client that hangs up leaves nothing, and may come back', async (t) => {
  const name = '@diego/gone';
  const tarball = tarballOf(courseFolder(name, '1.0.0', { 'content/a.bin': randomBytes(3_000_000) }));
  const body = JSON.stringify(documentOf({ name, version: '1.0.0', tarball }));
  const head = requestText(
    'PUT /@diego%2fgone',
    'Host: localhost',
    `Authorization: Bearer ${diego}`,
    `Content-Length: ${body.length}`,
  );
  for (const percent of [1, 50, 99]) {
    const connection = new RawConnection(registry.url);
    await connection.send(head);
    await connection.send(body.slice(0, Math.floor((body.length * percent) / 100)));
    await connection.disconnect();
  }
  t.equal((await registry.json('/@diego%2fgone')).status, 404);
  t.same((await registry.env.R2.list()).objects, []);
  t.equal(await registry.env.DB.prepare('SELECT count(*) AS n FROM registry_publish_attempts').first('n'), 0);
  t.equal((await put(registry, diego, name, body)).status, 201);
});

t.test('gzip of two members is one tarball', async (t) => {
  const name = '@diego/members';
  const tar = gunzipSync(tarballOf(courseFolder(name)));
  const tarball = Buffer.concat([gzipSync(tar.subarray(0, 1_000)), gzipSync(tar.subarray(1_000))]);
  t.match(await publish(tarball, name), { status: 201, body: { name } });
});

t.test('a tarball downloaded from a registry publishes the very same course there or elsewhere', async (t) => {
  const files = {
    'package.json': '{ "name": "not-the-course", "scripts": { "postinstall": "echo no" } }',
    '.gitignore': '*.log\n',
    'content/.gitignore': '!keep.log\n',
    'content/keep.log': 'kept',
    'binding.gyp': '{}',
    'package-lock.json': '{}',
    'run.sh': '#!/bin/sh\n',
  };
  const file = await packCourse(NAME, '1.0.0', { files, executable: ['run.sh'] });
  const first = await registry.publish(diego, file);
  t.equal(first.status, 201);
  const bytesAt = async (from: typeof registry, path: string) =>
    Buffer.from(await (await from.fetch(path, { headers: bearer(diego) })).arrayBuffer());
  const path = tarballPath(parsePackageName(NAME), '1.0.0');
  const tarball = await bytesAt(registry, path);
  t.match(await publish(tarball), { status: 200, body: { already: true } }, 'there it is published already');

  const other = await openRegistry(t);
  const token = await other.signUp('diego');
  const document = documentOf({ name: NAME, version: '1.0.0', tarball });
  t.match(await put(other, token, NAME, document), { status: 201, body: { tree: first.body.tree } });
  t.ok((await bytesAt(other, path)).equals(tarball), 'the tarball has the same bytes');
  t.ok((await bytesAt(other, downloadPath(parsePackageName(NAME), '1.0.0'))).equals(file), 'so has the .progy file');
});

t.test('a document of a great many wrong entries is a 400 that names few of them', async (t) => {
  await publish(tarballOf(courseFolder('@diego/crowd', '1.0.0')), '@diego/crowd');
  const many = `{${Array.from({ length: 500_000 }, (_, index) => `"${index}":1`).join()}}`;
  const documents = [
    `{"versions":${many}}`,
    `{"_attachments":${many}}`,
    `{"versions":{},"dist-tags":${many}}`,
    `{"versions":{},"maintainers":[${'1,'.repeat(500_000)}1]}`,
  ];
  for (const body of documents) {
    const answer = await registry.json('/@diego%2fcrowd', { method: 'PUT', headers: bearer(diego), body });
    t.match(answer, { status: 400, body: { code: 'INVALID_REQUEST' } }, body.slice(0, 20));
    t.ok(JSON.stringify(answer.body).length < 1_000, `${body.slice(0, 20)}: a short answer`);
  }
});
