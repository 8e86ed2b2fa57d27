// POST /registry/publish: many publishers at once.
import { createHash } from 'node:crypto';
import type { Packument } from '@progy/protocol/wire/packument.ts';
import t from 'tap';
import { openRegistry, packCourse } from '../../harness.ts';

const registry = await openRegistry(t);
const token = await registry.signUp('diego');

t.test(
  'of 20 publishers of one version with different bytes one wins, 19 are 409, and the winner’s bytes are served',
  async (t) => {
    const files = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        packCourse('@diego/race', '1.0.0', { files: { 'content/who.md': `publisher ${i}` } }),
      ),
    );
    const answers = await Promise.all(
      files.map((file) => registry.publish(token, file, { name: '@diego/race', version: '1.0.0' })),
    );
    const winners = answers.filter(({ status }) => status === 201);
    t.equal(winners.length, 1);
    t.equal(answers.filter(({ status, body }) => status === 409 && body.code === 'VERSION_EXISTS').length, 19);
    const download = await registry.fetch('/registry/download/@diego/race/1.0.0');
    const checksum = createHash('sha256')
      .update(Buffer.from(await download.arrayBuffer()))
      .digest('hex');
    t.equal(checksum, winners[0]?.body.checksum);
    const packument = (await registry.json('/@diego%2frace')).body as unknown as Packument;
    const dist = packument.versions['1.0.0']?.dist;
    const tarball = await registry.fetch('/@diego/race/-/race-1.0.0.tgz');
    t.equal(
      createHash('sha1')
        .update(Buffer.from(await tarball.arrayBuffer()))
        .digest('hex'),
      dist?.shasum,
    );
    const { objects } = await registry.env.R2.list({ prefix: 'packages/@diego/race/' });
    t.equal(objects.length, 2, 'the losers’ objects are gone');
  },
);

t.test('of 20 publishers of one version with the same bytes all succeed', async (t) => {
  const file = await packCourse('@diego/same');
  const answers = await Promise.all(Array.from({ length: 20 }, () => registry.publish(token, file)));
  t.equal(answers.filter(({ status }) => status === 201).length, 1);
  t.equal(answers.filter(({ status, body }) => status === 200 && body.already === true).length, 19);
});

t.test('16 versions at once are all there, and latest is the highest stable one', async (t) => {
  const versions = Array.from({ length: 16 }, (_, i) => `1.${(i * 7) % 16}.0`);
  const answers = await Promise.all(
    versions.map(async (version) => registry.publish(token, await packCourse('@diego/parallel', version))),
  );
  t.same(new Set(answers.map(({ status }) => status)), new Set([201]));
  const packument = (await registry.json('/@diego%2fparallel')).body as unknown as Packument;
  t.same(new Set(Object.keys(packument.versions)), new Set(versions));
  t.equal(packument['dist-tags'].latest, '1.15.0');
});
