// Owns counting calls to D1: a statement counts as one, and so does a batch.
import type { Env } from '../../env.ts';

type Statement = ReturnType<Env['DB']['prepare']>;

const SENDING = new Set<string | symbol>(['first', 'run', 'all', 'raw']);

/** The same database, which calls `count` for each call. */
export function countQuestions(DB: Env['DB'], count: () => void): Env['DB'] {
  const inner = new WeakMap<Statement, Statement>();
  const counted = (statement: Statement): Statement => {
    const proxy = new Proxy(statement, {
      get(target, property) {
        if (property === 'bind') return (...values: unknown[]) => counted(target.bind(...values));
        if (SENDING.has(property)) count();
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    inner.set(proxy, statement);
    return proxy;
  };
  return {
    prepare: (query) => counted(DB.prepare(query)),
    batch: (statements) => {
      count();
      return DB.batch(statements.map((statement) => inner.get(statement) ?? statement));
    },
    exec: (query) => DB.exec(query),
    dump: () => DB.dump(),
    withSession: () => DB.withSession(),
  };
}
