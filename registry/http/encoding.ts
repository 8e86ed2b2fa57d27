// Owns choosing the content encoding of a document.
import type { IncomingRequestCfProperties } from '@cloudflare/workers-types';
import Negotiator from 'negotiator';
import type { Encoding } from '../domain/read/document.ts';

const ENCODINGS: Encoding[] = ['gzip', 'identity'];

/** The encoding that the client prefers. */
export function encodingFor(request: Request): Encoding {
  return preferredIn(acceptedEncodings(request));
}

/** The encoding with the highest weight in an Accept-Encoding header; none if it accepts none of ours. */
export function preferredIn(accepted: string | undefined): Encoding {
  if (accepted === undefined) return 'identity';
  const [best] = new Negotiator({ headers: { 'accept-encoding': accepted } }).encodings(ENCODINGS);
  return best === 'gzip' ? 'gzip' : 'identity';
}

/** Cloudflare's edge replaces the header, and passes on the client's elsewhere. */
function acceptedEncodings(request: Request): string | undefined {
  const { clientAcceptEncoding } = ((request as { cf?: unknown }).cf ?? {}) as Partial<IncomingRequestCfProperties>;
  return clientAcceptEncoding ?? request.headers.get('accept-encoding') ?? undefined;
}
