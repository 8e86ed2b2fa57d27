// Every document of protocol/wire, as the registry sends it: it has all fields of its schema, and no others.

import { grantSchema, membershipSchema, organizationSchema } from '@progy/protocol/wire/accounts/people.ts';
import {
  DEVICE_GRANT_TYPE,
  deviceCodeSchema,
  deviceErrorSchema,
  deviceTokenSchema,
  loginAnswerSchema,
  logoutAnswerSchema,
  whoamiSchema,
} from '@progy/protocol/wire/accounts/sign-in.ts';
import { auditLogSchema } from '@progy/protocol/wire/audit-log.ts';
import { courseInfoSchema } from '@progy/protocol/wire/course-info.ts';
import { errorBodySchema } from '@progy/protocol/wire/error-body.ts';
import { publishReceiptSchema } from '@progy/protocol/wire/publish.ts';
import { resolutionSchema } from '@progy/protocol/wire/resolution.ts';
import { foundCoursesSchema, searchAnswerSchema } from '@progy/protocol/wire/search-answer.ts';
import { keyListSchema } from '@progy/protocol/wire/signature.ts';
import { DEVICE_CODE_PATH, DEVICE_TOKEN_PATH, tokenPath } from '@progy/protocol/wire/urls.ts';
import { editAnswerSchema, yankReceiptSchema } from '@progy/protocol/wire/version-changes.ts';
import t from 'tap';
import type * as z from 'zod';
import { type Answer, openRegistry, packCourse, signIn } from './harness.ts';
import { askerOf, signUpAll } from './helpers/people.ts';
import { Visitor } from './helpers/visitor.ts';

const registry = await openRegistry(t);
const ask = askerOf(registry);
const { diego } = await signUpAll(registry, 'diego', 'marta');
const COURSE = '@diego/rust';
const file = await packCourse(COURSE, '1.0.0', {
  course: { description: 'All of it', keywords: ['rust'], title: 'Rust' },
});
const publish = () => registry.publish(diego, file, { tag: 'fall' });

const start = () => ask(undefined, 'POST', DEVICE_CODE_PATH, { client_id: 'progy' });
const redeem = (device_code: unknown) =>
  ask(undefined, 'POST', DEVICE_TOKEN_PATH, { grant_type: DEVICE_GRANT_TYPE, client_id: 'progy', device_code });

/** A sign-in that a person approved. */
async function redeemApproved(): Promise<Answer> {
  const { body } = await start();
  const visitor = new Visitor(registry);
  await visitor.signUp('ana');
  await visitor.decide(String(body.user_code), 'approved');
  return redeem(body.device_code);
}

const documents: [title: string, schema: z.ZodType, status: number, ask: () => Promise<Answer>][] = [
  ['the receipt of a publish', publishReceiptSchema, 201, publish],
  ['the receipt of the same again', publishReceiptSchema, 200, publish],
  ['the versions of a course', resolutionSchema, 200, () => registry.json(`/registry/resolve/${COURSE}`)],
  ['all about a course', courseInfoSchema, 200, () => registry.json(`/registry/info/${COURSE}`)],
  ['a yank', yankReceiptSchema, 200, () => ask(diego, 'POST', `/registry/yank/${COURSE}/1.0.0`, { reason: 'wrong' })],
  [
    'the same yank again',
    yankReceiptSchema,
    200,
    () => ask(diego, 'POST', `/registry/yank/${COURSE}/1.0.0`, { reason: 'wrong' }),
  ],
  ['all about a course that is yanked', courseInfoSchema, 200, () => registry.json(`/registry/info/${COURSE}`)],
  ['a yank taken back', yankReceiptSchema, 200, () => ask(diego, 'DELETE', `/registry/yank/${COURSE}/1.0.0`)],
  [
    'a deprecation',
    editAnswerSchema,
    200,
    () => ask(diego, 'PUT', '/@diego%2frust', { versions: { '1.0.0': { deprecated: 'old' } } }),
  ],
  ['a search', searchAnswerSchema, 200, () => registry.json('/-/v1/search?text=rust')],
  ['an organization', organizationSchema, 201, () => ask(diego, 'POST', '/registry/orgs', { slug: 'acme' })],
  [
    'a membership',
    membershipSchema,
    200,
    () => ask(diego, 'PUT', '/-/org/acme/user', { user: 'marta', role: 'reader' }),
  ],
  ['a grant', grantSchema, 200, () => ask(diego, 'PUT', `/registry/access/${COURSE}/marta`, { permission: 'read' })],
  ['a grant taken back', grantSchema, 200, () => ask(diego, 'DELETE', `/registry/access/${COURSE}/marta`)],
  ['the log of a course', auditLogSchema, 200, () => ask(diego, 'GET', `/registry/audit-log/${COURSE}?limit=2`)],
  ['the log of an organization', auditLogSchema, 200, () => ask(diego, 'GET', '/registry/audit-log/@acme')],
  ['the keys', keyListSchema, 200, () => registry.json('/-/npm/v1/keys')],
  ['a login', loginAnswerSchema, 201, () => signIn(registry.json, 'diego')],
  ['who one is', whoamiSchema, 200, () => ask(diego, 'GET', '/-/whoami')],
  ['a code to sign in with', deviceCodeSchema, 200, start],
  ['a token that waits for somebody', deviceErrorSchema, 400, async () => redeem((await start()).body.device_code)],
  ['a token of an unknown code', deviceErrorSchema, 400, () => redeem('none')],
  ['a token', deviceTokenSchema, 200, redeemApproved],
  ['a refusal', errorBodySchema, 404, () => registry.json('/registry/resolve/@diego/none')],
  ['a logout', logoutAnswerSchema, 200, async () => ask(diego, 'DELETE', tokenPath(diego))],
];

for (const [title, schema, expected, asking] of documents) {
  t.test(`${title} is the document that its readers know`, async (t) => {
    const { status, body } = await asking();
    t.equal(status, expected);
    t.same(schema.parse(body), body);
  });
}

t.test('what progy reads of a search is what was published', async (t) => {
  const { body } = await registry.json('/-/v1/search?text=rust');
  t.match(foundCoursesSchema.parse(body), {
    total: 1,
    courses: [
      {
        name: COURSE,
        version: '1.0.0',
        title: 'Rust',
        description: 'All of it',
        keywords: ['rust'],
        publisher: 'diego',
        publishedAt: /^\d{4}-/,
        monthlyDownloads: 0,
      },
    ],
  });
});
