// Changes during a publish, after it was admitted: the commit decides by the state at that moment.
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { PUBLISH_PATH, packumentPath } from '@progy/protocol/wire/urls.ts';
import t from 'tap';
import { seededRandom } from '../../../../fixtures/ordinary-content.ts';
import { bearer, openRegistry, packCourse, publishRequest } from '../../harness.ts';
import { courseFolder, documentOf, tarballOf } from '../../helpers/npm-publish.ts';
import { askerOf, makeAdmin, signUpAll, succeed } from '../../helpers/people.ts';
import { askSlowly, SlowBucket, type SlowRequest } from '../../helpers/slow-worker.ts';

const registry = await openRegistry(t);
const tokens = await signUpAll(registry, 'diego', 'marta', 'ana');
await makeAdmin(registry, 'ana');
const ask = askerOf(registry);
const random = seededRandom(1);

/** A bucket in whose first write something else happens. */
class InterruptedBucket extends SlowBucket {
  #meanwhile: (() => Promise<unknown>) | undefined;

  constructor(meanwhile: () => Promise<unknown>) {
    super(random);
    this.#meanwhile = meanwhile;
  }

  override async put(...args: Parameters<SlowBucket['put']>): Promise<void> {
    const meanwhile = this.#meanwhile;
    this.#meanwhile = undefined;
    await meanwhile?.();
    await super.put(...args);
  }
}

interface Case {
  title: string;
  request: Omit<SlowRequest, 'random'>;
  meanwhile: () => Promise<unknown>;
  status: number;
  code: string;
}

async function throughProgy(token: string, name: string, more: object = {}): Promise<Case['request']> {
  const file = await packCourse(name, '2.0.0');
  const init = publishRequest(token, file, { name, version: '2.0.0', ...more });
  const request = new Request('http://registry.test', init);
  const headers = Object.fromEntries(request.headers);
  return { path: PUBLISH_PATH, method: 'POST', headers, body: new Uint8Array(await request.arrayBuffer()) };
}

function throughNpm(token: string, name: string, more: object = {}): Case['request'] {
  const tarball = tarballOf(courseFolder(name, '2.0.0'));
  const body = Buffer.from(JSON.stringify(documentOf({ name, version: '2.0.0', tarball }, { ...more })));
  const headers = { ...bearer(token), 'Content-Type': 'application/json' };
  return { path: packumentPath(parsePackageName(name)), method: 'PUT', headers, body };
}

const publishFirst = async (name: string) => succeed(registry.publish(tokens.diego, await packCourse(name)));
const publishOther = async (name: string) =>
  succeed(registry.publish(tokens.diego, await packCourse(name, '2.0.0', { files: { 'content/b.md': 'other' } })));

async function maintained(name: string): Promise<string> {
  await publishFirst(name);
  await succeed(ask(tokens.diego, 'PUT', `/-/package/${name}/owners`, { user: 'marta' }));
  return name;
}
const removed = (name: string) => succeed(ask(tokens.diego, 'DELETE', `/-/package/${name}/owners/marta`));
const demoted = () => registry.env.DB.prepare("UPDATE user SET role = 'user' WHERE username = 'ana'").run();

const lost = { status: 403, code: 'FORBIDDEN' };
const shown = { status: 400, code: 'METADATA_MISMATCH' };
const taken = { status: 409, code: 'VERSION_EXISTS' };
const restricted = { access: 'restricted' };
const CASES: Case[] = [];
for (const [door, request] of Object.entries({ progy: throughProgy, npm: throughNpm })) {
  const [one, two] = [await maintained(`@diego/right-${door}`), `@diego/twice-${door}`];
  CASES.push(
    {
      title: `a right is taken, ${door}`,
      request: await request(tokens.marta, one),
      meanwhile: () => removed(one),
      ...lost,
    },
    {
      title: `it is published, ${door}`,
      request: await request(tokens.diego, two),
      meanwhile: () => publishOther(two),
      ...taken,
    },
  );
}
CASES.push(
  {
    title: 'a course that was to be hidden is shown',
    request: throughNpm(tokens.diego, '@diego/shown', restricted),
    meanwhile: () => publishFirst('@diego/shown'),
    ...shown,
  },
  {
    title: 'an admin is none any more',
    request: await throughProgy(tokens.ana, '@diego/forced', { force: true }),
    meanwhile: demoted,
    ...lost,
  },
);

for (const { title, request, meanwhile, status, code } of CASES) {
  t.test(title, async (t) => {
    const bucket = new InterruptedBucket(meanwhile);
    const answer = await askSlowly(registry.env, bucket, { ...request, random });
    const { code: answered } = (await answer.json()) as { code?: string };
    t.match({ status: answer.status, code: answered }, { status, code });
    t.same([...bucket.objects.keys()], [], 'what was stored is gone');
    t.equal(await registry.env.DB.prepare('SELECT count(*) AS n FROM registry_publish_attempts').first('n'), 0);
  });
}

t.test('what was to be hidden from nobody is still there for everybody', async (t) => {
  t.match(await registry.json('/@diego%2fshown'), { status: 200, body: { 'dist-tags': { latest: '1.0.0' } } });
});
