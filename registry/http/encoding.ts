// Owns choosing the content encoding of a document.
import type { IncomingRequestCfProperties } from '@cloudflare/workers-types';
import Negotiator from 'negotiator';
import type { AppContext } from '../app-env.ts';
import type { Encoding } from '../domain/read/document.ts';

const ENCODINGS: Encoding[] = ['gzip', 'identity'];

/** The encoding that the client prefers. */
export function encodingFor(c: AppContext): Encoding {
  return preferredIn(acceptedEncodings(c));
}

/** The encoding with the highest weight in an Accept-Encoding header; none if it accepts none of ours. */
export function preferredIn(accepted: string | undefined): Encoding {
  if (accepted === undefined) return 'identity';
  const [best] = new Negotiator({ headers: { 'accept-encoding': accepted } }).encodings(ENCODINGS);
  return best === 'gzip' ? 'gzip' : 'identity';
}

/** Cloudflare's edge replaces the header, and passes on the client's elsewhere. */
function acceptedEncodings(c: AppContext): string | undefined {
  const { clientAcceptEncoding } = ((c.req.raw as { cf?: unknown }).cf ?? {}) as Partial<IncomingRequestCfProperties>;
  return clientAcceptEncoding ?? c.req.header('accept-encoding');
}
