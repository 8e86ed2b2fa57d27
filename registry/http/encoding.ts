// Owns choosing how the bytes of a document are sent.
import type { IncomingRequestCfProperties } from '@cloudflare/workers-types';
import Negotiator from 'negotiator';
import type { AppContext } from '../app-env.ts';
import type { Encoding } from '../domain/read/document.ts';

const ENCODINGS: Encoding[] = ['gzip', 'identity'];

/** How the client wants the bytes of a document. */
export function encodingFor(c: AppContext): Encoding {
  return preferredIn(acceptedEncodings(c));
}

/** The encoding that an Accept-Encoding header likes best, by its weights; none for one that likes none of ours. */
export function preferredIn(accepted: string | undefined): Encoding {
  if (accepted === undefined) return 'identity';
  const [best] = new Negotiator({ headers: { 'accept-encoding': accepted } }).encodings(ENCODINGS);
  return best === 'gzip' ? 'gzip' : 'identity';
}

/** Cloudflare's edge writes a header of its own, and says elsewhere what the client's was. */
function acceptedEncodings(c: AppContext): string | undefined {
  const { clientAcceptEncoding } = ((c.req.raw as { cf?: unknown }).cf ?? {}) as Partial<IncomingRequestCfProperties>;
  return clientAcceptEncoding ?? c.req.header('accept-encoding');
}
