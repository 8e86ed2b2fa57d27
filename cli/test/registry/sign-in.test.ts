// Waiting for a sign-in in a browser, and the checks of a registry's answers.
import type { DeviceCode, DeviceToken } from '@progy/protocol/wire/accounts/sign-in.ts';
import t from 'tap';
import type { TokenAnswer } from '../../registry/device-grant.ts';
import { signInWithBrowser, waitForToken } from '../../registry/sign-in.ts';
import { testContext } from '../helpers/context.ts';
import { answer, serveFaults } from '../helpers/fault-server.ts';

const PENDING = { deviceCode: 'secret', userCode: 'AAAA-BBBB', page: 'http://r/login', interval: 2, expiresIn: 60 };
const REGISTRY = { url: 'http://r/', label: 'http://r', isDefault: false };

/** Waits without waiting: answers come one after the other, the last one stays. Answers the seconds of each pause. */
async function wait(
  answers: TokenAnswer[],
  pending = PENDING,
): Promise<{ token?: string; pauses: number[]; error?: Error }> {
  const pauses: number[] = [];
  const ask = async () => (answers.length > 1 ? answers.shift() : answers[0]) as TokenAnswer;
  const pause = async (seconds: number) => pauses.push(seconds);
  return waitForToken(pending, ask, pause, REGISTRY).then(
    (token) => ({ token, pauses }),
    (error) => ({ error, pauses }),
  );
}

t.test('it asks at the interval that the registry names', async (t) => {
  const { token, pauses } = await wait([
    { refusal: 'authorization_pending' },
    { refusal: 'authorization_pending' },
    { token: 'x' },
  ]);
  t.same({ token, pauses }, { token: 'x', pauses: [2, 2, 2] });
});

t.test('slow_down adds five seconds to all that come after', async (t) => {
  const { pauses } = await wait([
    { refusal: 'slow_down' },
    { refusal: 'authorization_pending' },
    { refusal: 'slow_down' },
    { token: 'x' },
  ]);
  t.same(pauses, [2, 7, 7, 12]);
});

for (const [refusal, message] of [
  ['access_denied', 'The sign-in was denied in the browser'],
  ['expired_token', 'The sign-in was not approved in time'],
  ['invalid_grant', 'The sign-in was not approved in time'],
] as const) {
  t.test(`${refusal} ends it: ${message}`, async (t) => {
    const { error, pauses } = await wait([{ refusal }]);
    t.match(error, { code: 'NOT_APPROVED', message, next: 'Run it again: progy login --registry http://r' });
    t.equal(pauses.length, 1);
  });
}

t.test('a registry that never decides is not waited for longer than it said', async (t) => {
  const { error, pauses } = await wait([{ refusal: 'authorization_pending' }]);
  t.match(error, { code: 'NOT_APPROVED' });
  t.equal(pauses.length, 30);
});

const CODE: DeviceCode = {
  device_code: 'd',
  user_code: 'AAAA-BBBB',
  verification_uri: 'http://r/login',
  verification_uri_complete: 'http://r/login?code=AAAA-BBBB',
  interval: 1,
  expires_in: 9,
};
const strange: [what: string, body: object | string, error: { code: string; message?: RegExp }][] = [
  [
    'a page that is no web page',
    { ...CODE, verification_uri_complete: 'file:///etc/passwd' },
    { code: 'NOT_A_REGISTRY' },
  ],
  ['a page that is no address', { ...CODE, verification_uri_complete: '--help' }, { code: 'NOT_A_REGISTRY' }],
  ['no code', { ...CODE, user_code: undefined }, { code: 'NOT_A_REGISTRY', message: /without "user_code"/ }],
  ['a web page', '<html>', { code: 'NOT_A_REGISTRY' }],
];
for (const [what, body, error] of strange) {
  t.test(`a registry that answers ${what} is no registry`, async (t) => {
    const server = await serveFaults(answer(200, body));
    t.teardown(server.close);
    const context = await testContext(t.testdir({}), { watched: true, env: { BROWSER: '/no/such/browser' } });
    await t.rejects(signInWithBrowser(server.registry(), context, true), error);
    t.same(context.talk.told, [], 'and nothing of it is shown');
  });
}

t.test('an older registry has no such sign-in: the password is what is left', async (t) => {
  const server = await serveFaults(answer(404, { error: 'There is nothing', code: 'NOT_FOUND' }));
  t.teardown(server.close);
  const signingIn = signInWithBrowser(server.registry(), await testContext(t.testdir({})), true);
  await t.rejects(signingIn, { code: 'NOT_A_REGISTRY', next: /progy login --username <name> --registry http/ });
});

t.test('a busy registry is asked again, and the token that it then tells is taken', async (t) => {
  const server = await serveFaults(
    answer(200, CODE),
    answer(503, { error: 'busy', code: 'UNAVAILABLE' }, { 'retry-after': '0' }),
    answer(200, { access_token: 'progy_token', token_type: 'Bearer' } satisfies DeviceToken),
  );
  t.teardown(server.close);
  t.equal(await signInWithBrowser(server.registry(), await testContext(t.testdir({})), true), 'progy_token');
  t.same(
    server.requests.map(({ url, authorization }) => [url, authorization]),
    [
      ['/api/auth/device/code', undefined],
      ['/api/auth/device/token', undefined],
      ['/api/auth/device/token', undefined],
    ],
  );
});
