// Owns counting what the Worker asks of D1 and R2 until it answers: header `x-calls` lists it. Runs in workerd, before the Worker.
import worker from './worker.js';

const SENDING = ['first', 'run', 'all', 'raw'];
const ASKING = ['get', 'head', 'put', 'delete', 'list', 'createMultipartUpload'];
const statements = new WeakMap();
let calls = [];
let watched;

function watchStatement(statement) {
  const proxy = new Proxy(statement, {
    get(target, property) {
      if (property === 'bind') return (...values) => watchStatement(target.bind(...values));
      if (SENDING.includes(property)) calls.push('D1');
      const value = target[property];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  statements.set(proxy, statement);
  return proxy;
}

function watchDatabase(database) {
  return {
    prepare: (query) => watchStatement(database.prepare(query)),
    batch(list) {
      calls.push('D1');
      return database.batch(list.map((statement) => statements.get(statement) ?? statement));
    },
  };
}

function watchBucket(bucket) {
  return new Proxy(bucket, {
    get(target, property) {
      if (ASKING.includes(property)) calls.push('R2');
      const value = target[property];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

export default {
  async fetch(request, env, ctx) {
    watched ??= { ...env, DB: watchDatabase(env.DB), R2: watchBucket(env.R2) };
    calls = [];
    const response = await worker.fetch(request, watched, ctx);
    const listed = new Response(response.body, {
      status: response.status,
      headers: response.headers,
      encodeBody: 'manual',
    });
    listed.headers.set('x-calls', calls.join(' '));
    return listed;
  },
};
