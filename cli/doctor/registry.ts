// Owns what progy doctor says about the registry: whether it answers, the clock, the account, and the newest progy.
import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import { compareVersions, tryParseVersion } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { PING_PATH } from '@progy/protocol/wire/urls.ts';
import * as z from 'zod';
import type { Context } from '../context.ts';
import { explainError } from '../explain-error.ts';
import { exchange } from '../network/exchange.ts';
import { namingRegistry } from '../network/network-error.ts';
import packageJson from '../package.json' with { type: 'json' };
import { type Registry, registryFlag } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { formatSpan } from '../terminal/format.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** Milliseconds that the registry has to answer. */
const PATIENCE = 10_000;
/** Milliseconds by which a clock may be off before tokens and certificates may fail, and before they do. */
const SKEW = { warn: 60_000, fail: 3_600_000 };

/** All that the registry can tell; without an answer, only that. */
export async function checkRegistry(registry: Registry, context: Context): Promise<Check[]> {
  const { reachable, date } = await ping(registry, context);
  if (reachable.status === 'fail') return [reachable, ok('progy', packageJson.version)];
  const more = await Promise.all([checkAccount(registry, context), checkNewest(registry, context)]);
  return [reachable, ...clockChecks(date), ...more];
}

async function ping(registry: Registry, { signal }: Context): Promise<{ reachable: Check; date?: string }> {
  const begun = performance.now();
  try {
    const answer = await exchange(new URL(PING_PATH.slice(1), registry.url).href, {
      method: 'GET',
      headers: {},
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    });
    for await (const _ of answer.body);
    const took = Math.round(performance.now() - begun);
    const reachable =
      answer.status === 200
        ? ok('registry', `${registry.label} answered in ${took} ms`)
        : strange(registry, answer.status);
    return { reachable, date: answer.header('date') };
  } catch (error) {
    signal.throwIfAborted();
    const { error: sentence, next } = explainError(namingRegistry(registry.label, error));
    return { reachable: fail('registry', sentence, next) };
  }
}

function strange({ label }: Registry, status: number): Check {
  const fix = 'Check the address. On a guest network, open a web page and sign in to the network first.';
  return fail('registry', `${label} answered with status ${status}`, fix);
}

/** Some servers do not tell the time. @param date the header, which has seconds. */
function clockChecks(date: string | undefined): Check[] {
  const there = Date.parse(date ?? '');
  return Number.isNaN(there) ? [] : [checkClock(Date.now() - there)];
}

/** @param skew milliseconds by which this machine is ahead of the registry. */
export function checkClock(skew: number): Check {
  const off = Math.abs(skew);
  if (off <= SKEW.warn) return ok('clock', 'agrees with the registry');
  const found = `${formatSpan(off)} ${skew > 0 ? 'ahead of' : 'behind'} the registry`;
  const fix = howToSetClock(process.platform);
  return off > SKEW.fail ? fail('clock', found, fix) : warn('clock', found, fix);
}

function howToSetClock(platform: string): string {
  if (platform === 'win32') return 'w32tm /resync';
  return platform === 'darwin' ? 'sudo sntp -sS time.apple.com' : 'sudo timedatectl set-ntp true';
}

async function checkAccount(registry: Registry, { signal }: Context): Promise<Check> {
  if (registry.token === undefined) return ok('account', 'not signed in; public courses need no account');
  const login = `progy login${registryFlag(registry)}`;
  return createRegistryClient(registry, signal)
    .whoami()
    .then(
      (username) => ok('account', `signed in as ${username}`),
      (error) => {
        signal.throwIfAborted();
        return fail('account', explainError(error).error, `Sign in with: ${login}`);
      },
    );
}

const manifestSchema = z.object({ version: z.string() });

/** Registries of others have no progy. */
async function checkNewest(registry: Registry, { signal, update }: Context): Promise<Check> {
  const own = packageJson.version;
  try {
    const { version } = await createRegistryClient(registry, signal).read(`/${CLIENT.full}/latest`, manifestSchema);
    const isNewer = tryParseVersion(version) !== undefined && compareVersions(version, own) > 0;
    if (!isNewer) return ok('progy', own);
    return warn('progy', `${own}, and the registry has ${version}`, update(registry.label));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RegistryError && error.status === 404) return ok('progy', `${own}; this registry has none`);
    return warn(
      'progy',
      `${own}; the newest cannot be found out: ${explainError(error).error}`,
      explainError(error).next,
    );
  }
}
