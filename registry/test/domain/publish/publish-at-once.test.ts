// Many large publishes at once: an isolate holds no more of them than fits, and each either succeeds or is told to come back.
import { randomFillSync } from 'node:crypto';
import type { R2Bucket } from '@cloudflare/workers-types';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { PUBLISH_PATH, packumentPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { seededRandom } from '../../../../fixtures/ordinary-content.ts';
import { contextOf } from '../../../context.ts';
import { UPLOAD_BYTES } from '../../../domain/publish/upload-budget.ts';
import type { Env } from '../../../env.ts';
import { bearer, openRegistry, packCourse, publishRequest } from '../../harness.ts';
import { courseFolder, documentOf, tarballOf } from '../../helpers/npm-publish.ts';
import { askIsolate, SlowBucket, type SlowRequest } from '../../helpers/slow-worker.ts';

const COURSES = 20;
const content = { 'content/01_start/video.bin': randomFillSync(Buffer.alloc(10 * 1024 * 1024)) };

const registry = await openRegistry(t);
const diego = await registry.signUp('diego');
const random = seededRandom(1);
const bucket = new SlowBucket(random);
const env: Env = { ...registry.env, R2: bucket as unknown as R2Bucket };

async function throughProgy(name: string): Promise<SlowRequest> {
  const file = await packCourse(name, '1.0.0', { files: content });
  const metadata = { name, version: '1.0.0', sizeBytes: file.length };
  const request = new Request('http://registry.test', publishRequest(diego, file, metadata));
  const headers = Object.fromEntries(request.headers);
  return { path: PUBLISH_PATH, method: 'POST', headers, body: new Uint8Array(await request.arrayBuffer()), random };
}

function throughNpm(name: string): SlowRequest {
  const tarball = tarballOf(courseFolder(name, '1.0.0', content));
  const body = Buffer.from(JSON.stringify(documentOf({ name, version: '1.0.0', tarball })));
  const headers = { ...bearer(diego), 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
  return { path: packumentPath(parsePackageName(name)), method: 'PUT', headers, body, random };
}

t.test(`${COURSES} courses of 10 MB through both doors`, async (t) => {
  const requests: SlowRequest[] = [];
  for (let i = 0; i < COURSES; i++) {
    const name = `@diego/course-${i}`;
    requests.push(i % 4 === 0 ? throughNpm(name) : await throughProgy(name));
  }
  const answers = await Promise.all(requests.map((request) => askIsolate(env, request)));
  const published = answers.filter(({ status }) => status === 201).length;
  const refused = answers.filter((answer) => answer.status === 503 && answer.headers.get('retry-after') === '5').length;
  t.equal(published + refused, COURSES, `${published} published, ${refused} refused`);
  t.ok(published > 0);
  const { uploads } = contextOf(env);
  t.ok(uploads.peakBytes > UPLOAD_BYTES / 2, `${uploads.peakBytes} bytes at once`);
  t.ok(uploads.peakBytes <= UPLOAD_BYTES);
  t.equal(uploads.bytes, 0);
  const count = (table: string) => registry.env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first('n');
  t.equal(await count('registry_versions'), published);
  t.equal(bucket.objects.size, 2 * published);
  t.equal(await count('registry_publish_attempts'), 0, 'nothing is half-done');
});
