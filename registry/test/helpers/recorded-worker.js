// Owns the Worker that tests run: the bundle, on a D1 that tells each statement the first time that it is sent.
import worker from './worker.js';

/** Begins a line of the log; the statement follows. statement-log.ts takes them out again. */
const STATEMENT = 'statement: ';
const told = new Set();
/** The bindings are one object as long as an isolate lives, and the Worker keeps what it opened for them. */
const recordedEnvs = new WeakMap();

function tell(statement) {
  if (told.has(statement)) return;
  told.add(statement);
  console.debug(STATEMENT + statement);
}

/** drizzle calls these two; its batches are of statements that were prepared. */
function recorded(d1) {
  const prepare = (statement) => {
    tell(statement);
    return d1.prepare(statement);
  };
  return Object.assign(Object.create(d1), { prepare, batch: d1.batch.bind(d1) });
}

function onRecorded(env) {
  const before = recordedEnvs.get(env);
  if (before !== undefined) return before;
  const made = { ...env, DB: recorded(env.DB) };
  recordedEnvs.set(env, made);
  return made;
}

export default {
  fetch: (request, env, context) => worker.fetch(request, onRecorded(env), context),
  scheduled: (controller, env, context) => worker.scheduled(controller, onRecorded(env), context),
};
