// Owns the Worker on bindings that count: how often a request asks D1 and R2, and how many of the calls had to wait for others.
import worker from './worker.js';

/** Where the count of the last request is asked for. */
const COUNT_PATH = '/calls-of-last-request';
const D1_CALLS = ['first', 'all', 'run', 'raw'];
const R2_CALLS = ['head', 'get', 'put', 'delete', 'list'];
const UPLOAD_CALLS = ['uploadPart', 'complete', 'abort'];

/** The bindings are one object as long as an isolate lives, and the Worker keeps what it opened for them. */
const countingEnvs = new WeakMap();
const statements = new WeakMap();
/** Of the last request; one that comes while it is answered would be mixed with it. */
let calls = [];
/** Those that had ended when the answer was there. What runs on, nobody has waited for. */
let waitedFor = [];

/** A call comes after all that had ended when it began; what runs beside it costs no more time. */
async function counted(binding, run) {
  const ended = calls.filter(({ hasEnded }) => hasEnded).map(({ turn }) => turn);
  const call = { binding, turn: Math.max(0, ...ended) + 1, hasEnded: false };
  calls.push(call);
  try {
    return await run();
  } finally {
    call.hasEnded = true;
  }
}

function tally(list) {
  const of = (binding) => list.filter((call) => call.binding === binding).length;
  return { inTurn: Math.max(0, ...list.map(({ turn }) => turn)), d1: of('d1'), r2: of('r2') };
}

function counting(binding, target, names) {
  const made = Object.create(target);
  for (const name of names) {
    made[name] = (...args) => counted(binding, () => target[name](...args));
  }
  return made;
}

function countingStatement(statement) {
  const made = counting('d1', statement, D1_CALLS);
  made.bind = (...values) => countingStatement(statement.bind(...values));
  statements.set(made, statement);
  return made;
}

function countingD1(d1) {
  const made = Object.create(d1);
  made.prepare = (sql) => countingStatement(d1.prepare(sql));
  made.batch = (list) => counted('d1', () => d1.batch(list.map((statement) => statements.get(statement) ?? statement)));
  return made;
}

function countingUpload(upload) {
  const made = counting('r2', upload, UPLOAD_CALLS);
  for (const name of ['key', 'uploadId']) Object.defineProperty(made, name, { value: upload[name] });
  return made;
}

function countingR2(r2) {
  const made = counting('r2', r2, R2_CALLS);
  made.createMultipartUpload = async (...args) =>
    countingUpload(await counted('r2', () => r2.createMultipartUpload(...args)));
  made.resumeMultipartUpload = (...args) => countingUpload(r2.resumeMultipartUpload(...args));
  return made;
}

function countingEnv(env) {
  const before = countingEnvs.get(env);
  if (before !== undefined) return before;
  const made = { ...env, DB: countingD1(env.DB), R2: countingR2(env.R2) };
  countingEnvs.set(env, made);
  return made;
}

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === COUNT_PATH) {
      return Response.json({
        before: tally(waitedFor),
        after: tally(calls.filter((call) => !waitedFor.includes(call))),
      });
    }
    calls = [];
    const response = await worker.fetch(request, countingEnv(env), context);
    waitedFor = calls.filter(({ hasEnded }) => hasEnded);
    return response;
  },
};
