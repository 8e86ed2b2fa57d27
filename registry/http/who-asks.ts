// Owns reading from a request which program asks to sign in, and from where, so that a person can recognise it.
import type { IncomingRequestCfProperties } from '@cloudflare/workers-types';
import { quote } from '@progy/protocol/quote.ts';
import type { AppContext } from '../app-env.ts';
import type { Asking } from '../domain/accounts/device-sign-in.ts';

const MAX_SHOWN = 64;
/** Node's names of platforms in the user agents of npm clients. */
const PLATFORMS: Record<string, string> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows', freebsd: 'FreeBSD' };

/**
 * Who is asking, according to the client and the edge.
 * @param host name of the computer, if the program sent it.
 * @param otherwise the program, if the user agent does not name it.
 */
export function whoAsks(c: AppContext, { host, otherwise }: { host?: string; otherwise: string }): Asking {
  return {
    program: shown(programIn(c.req.header('user-agent') ?? '') ?? otherwise),
    host: shown(host ?? ''),
    place: shown(placeOf(c)),
    address: c.var.context.address,
  };
}

/** `npm/12.2.0 node/v24.1.0 linux x64 workspaces/false` is `npm 12.2.0 on Linux`. */
export function programIn(userAgent: string): string | undefined {
  const [, name, version] = /^([a-z][\w.-]*)\/v?(\d[\w.+-]*)(?: |$)/i.exec(userAgent) ?? [];
  if (name === undefined || name === 'Mozilla') return undefined;
  const platform = userAgent.split(/[ ;()]+/).find((word) => Object.hasOwn(PLATFORMS, word));
  return `${name} ${version}${platform === undefined ? '' : ` on ${PLATFORMS[platform]}`}`;
}

/** `Lisbon, PT`. Without an edge the runtime makes up a place. */
function placeOf(c: AppContext): string {
  if (/^(?:127\.|::1$)/.test(c.var.context.address)) return '';
  const { city, country } = ((c.req.raw as { cf?: unknown }).cf ?? {}) as Partial<IncomingRequestCfProperties>;
  return [city, country].filter((part) => typeof part === 'string').join(', ');
}

function shown(text: string): string {
  return quote(text.trim(), MAX_SHOWN);
}
