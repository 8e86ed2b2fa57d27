// Owns the headers of every answer: pages anywhere may read it, and no browser acts on what authors uploaded.

/** The headers that pages elsewhere may read. */
export const EXPOSED = ['ETag', 'Content-Length', 'Content-Range', 'Content-Disposition', 'X-Checksum-Sha256'];

export const ALWAYS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': EXPOSED.join(','),
  'X-Content-Type-Options': 'nosniff',
};

/** For everything but pages, which have a policy of their own. */
export const UNLESS_SET = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Referrer-Policy': 'no-referrer',
};

/** These headers with those of every answer, for answers that are made in one piece: each header set later costs time. */
export function withAnswerHeaders(headers: Record<string, string>): Record<string, string> {
  return { ...ALWAYS, ...UNLESS_SET, ...headers };
}
