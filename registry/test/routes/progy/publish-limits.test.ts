// POST /registry/publish: sizes and quotas.

import { LIMITS } from '@progy/protocol/course/course-files.ts';
import t from 'tap';
import { bearer, openRegistry, packCourse } from '../../harness.ts';

t.test('an account that used up its hour is 429 with Retry-After, and exactly the quota is published', async (t) => {
  const registry = await openRegistry(t, { PUBLISH_VERSIONS_PER_HOUR: '3' });
  const token = await registry.signUp('diego');
  const files = await Promise.all([1, 2, 3, 4, 5, 6].map((patch) => packCourse('@diego/many', `1.0.${patch}`)));
  const answers = await Promise.all(files.map((file) => registry.publish(token, file)));
  t.same(answers.map(({ status }) => status).sort(), [201, 201, 201, 429, 429, 429]);
  const refused = answers.find(({ status }) => status === 429);
  t.equal(refused?.body.code, 'RATE_LIMITED');
  t.match(refused?.headers.get('retry-after'), /^[1-9][0-9]{0,3}$/);
  const packument = await registry.json('/@diego%2fmany');
  t.equal(Object.keys(packument.body.versions as object).length, 3);
  const { objects } = await registry.env.R2.list();
  t.equal(objects.length, 6, 'what was refused is not stored');
});

t.test('a repeated publish of the same content passes even then', async (t) => {
  const registry = await openRegistry(t, { PUBLISH_VERSIONS_PER_HOUR: '1' });
  const token = await registry.signUp('diego');
  const file = await packCourse('@diego/retry');
  const claim = { name: '@diego/retry', version: '1.0.0' };
  t.equal((await registry.publish(token, file, claim)).status, 201);
  t.equal((await registry.publish(token, file, claim)).status, 200);
});

t.test('a body that says it is over 100 MB is 413 before it is read', async (t) => {
  const registry = await openRegistry(t);
  const token = await registry.signUp('diego');
  const answer = await registry.json('/registry/publish', {
    method: 'POST',
    headers: { ...bearer(token), 'Content-Type': 'multipart/form-data; boundary=b' },
    body: new Uint8Array(LIMITS.artifactBytes + 2 * 1024 * 1024),
  });
  t.match(answer, { status: 413, body: { code: 'PAYLOAD_TOO_LARGE', limit: LIMITS.artifactBytes } });
});

t.test('a file over 100 MB whose length nobody announced is 413 when it goes over', async (t) => {
  const registry = await openRegistry(t);
  const token = await registry.signUp('diego');
  const chunk = new Uint8Array(4 * 1024 * 1024);
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.progy"\r\n\r\n';
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent === 0) controller.enqueue(Buffer.from(head));
      controller.enqueue(chunk);
      sent += chunk.length;
      if (sent > LIMITS.artifactBytes + 8 * 1024 * 1024) controller.close();
    },
  });
  const init = {
    method: 'POST',
    headers: { ...bearer(token), 'Content-Type': 'multipart/form-data; boundary=b' },
    body,
    duplex: 'half' as const,
  };
  const answer = await registry.json('/registry/publish', init);
  t.match(answer, { status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
  t.same((await registry.env.R2.list()).objects, [], 'nothing of it is stored');
});
