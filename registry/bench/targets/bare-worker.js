// Owns the bare Worker: what the runtime does at best with a body in memory, one row of D1 and one object of R2.

/** Bodies by path, with their headers. */
const documents = new Map();

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/object/')) return object(request, env, pathname);
    if (request.method === 'PUT') return keep(request, pathname);
    if (pathname === '/row')
      return Response.json(await env.DB.prepare('SELECT * FROM manifests WHERE id = ?').bind(1).first());
    const document = documents.get(pathname);
    if (document === undefined) return Response.json({ error: 'Not found' }, { status: 404 });
    if (request.headers.has('if-none-match')) return new Response(null, { status: 304, headers: document.headers });
    return new Response(document.body, { headers: document.headers, encodeBody: document.encodeBody });
  },
};

async function keep(request, pathname) {
  const encoding = request.headers.get('x-encoding');
  const headers = {
    'Content-Type': 'application/json',
    ETag: '"bare"',
    ...(encoding ? { 'Content-Encoding': encoding } : {}),
  };
  documents.set(pathname, {
    body: await request.arrayBuffer(),
    headers,
    encodeBody: encoding ? 'manual' : 'automatic',
  });
  return Response.json({});
}

async function object(request, env, key) {
  if (request.method === 'PUT') {
    await env.R2.put(key, request.body);
    return Response.json({});
  }
  const found = await env.R2.get(key);
  return found === null ? new Response(null, { status: 404 }) : new Response(found.body);
}
