// Owns signing in through a browser: showing the code, opening the page, and waiting for the token (RFC 8628).
import { setTimeout as delay } from 'node:timers/promises';
import { RegistryError } from '@progy/protocol/errors.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { openBrowser } from '../terminal/browser.ts';
import { type Registry, registryFlag } from './choice.ts';
import { createRegistryClient } from './client.ts';
import type { PendingSignIn, Refusal, TokenAnswer } from './device-grant.ts';

/** Seconds that every `slow_down` adds to the interval (RFC 8628 §3.5). */
const SLOWER_BY = 5;

/**
 * Returns the token that somebody approves in a browser, on this machine or another one.
 * @param mayOpen false: only print the address.
 * @throws {CliError} NOT_APPROVED; NOT_A_REGISTRY for one without such a sign-in; {RegistryError} RATE_LIMITED.
 */
export async function signInWithBrowser(registry: Registry, context: Context, mayOpen: boolean): Promise<string> {
  const client = createRegistryClient(registry, context.signal);
  const pending = await client.startSignIn(context.host).catch((error) => {
    throw explain(error, registry);
  });
  context.talk.tell(instructions(pending, registry));
  if (mayOpen && openBrowser(pending.page, context)) context.talk.note('Your browser should open by itself.');
  const label = 'Waiting for you to approve it in the browser';
  const pause = (seconds: number) => delay(seconds * 1000, undefined, { signal: context.signal });
  return context.talk.during(label, () => waitForToken(pending, client.askForToken, pause, registry));
}

function instructions({ page, userCode }: PendingSignIn, { label }: Registry): string {
  return `Sign in to ${label} in a browser. The page shows the same code:\n\n  page  ${page}\n  code  ${userCode}\n`;
}

/** Older registries support only passwords. */
function explain(error: unknown, registry: Registry): unknown {
  if (!(error instanceof RegistryError) || error.code !== 'NOT_FOUND') return error;
  return new CliError(
    'NOT_A_REGISTRY',
    `${registry.label} does not support signing in through a browser`,
    `Sign in with a password: progy login --username <name>${registryFlag(registry)}`,
  );
}

/**
 * Polls for the token until it arrives or the sign-in is refused.
 * @param pause waits that many seconds.
 * @throws {CliError} NOT_APPROVED.
 */
export async function waitForToken(
  { deviceCode, interval, expiresIn }: PendingSignIn,
  askForToken: (deviceCode: string) => Promise<TokenAnswer>,
  pause: (seconds: number) => Promise<unknown>,
  registry: Registry,
): Promise<string> {
  let seconds = interval;
  for (let waited = 0; waited < expiresIn; waited += seconds) {
    await pause(seconds);
    const answer = await askForToken(deviceCode);
    if ('token' in answer) return answer.token;
    if (answer.refusal === 'slow_down') seconds += SLOWER_BY;
    else if (answer.refusal !== 'authorization_pending') throw notApproved(answer.refusal, registry);
  }
  throw notApproved('expired_token', registry);
}

function notApproved(refusal: Refusal, registry: Registry): CliError {
  const message =
    refusal === 'access_denied' ? 'The sign-in was denied in the browser' : 'The sign-in was not approved in time';
  return new CliError('NOT_APPROVED', message, `Run it again: progy login${registryFlag(registry)}`);
}
