// Owns counting what a piece of code asks of D1 and R2, and how many of those calls wait for another.
import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types';

type Work = (...args: unknown[]) => unknown;

const STATEMENT_CALLS = ['all', 'run', 'raw', 'first'];

/** Calls in the order in which they began. */
export class CountedCalls {
  readonly names: string[] = [];
  /** The longest chain of calls, each of which began only after the one before it had ended. */
  sequential = 0;
  #ended = 0;
  readonly #statements = new WeakMap<object, D1PreparedStatement>();

  /** The same database, counted. A batch is one call. */
  database(d1: D1Database): D1Database {
    const batch = (statements: D1PreparedStatement[]) =>
      this.#during('D1 batch', () => d1.batch(statements.map((each) => this.#statements.get(each) ?? each)));
    return Object.assign(Object.create(d1), { prepare: (sql: string) => this.#statement(d1.prepare(sql)), batch });
  }

  /** The same bucket, counted. */
  bucket<T extends object>(bucket: T): T {
    return new Proxy(bucket, {
      get: (target, name) => {
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => this.#during(`R2 ${String(name)}`, () => (value as Work).apply(target, args));
      },
    });
  }

  #statement(statement: D1PreparedStatement): D1PreparedStatement {
    const bind = (...values: unknown[]) => this.#statement(statement.bind(...values));
    const counted = Object.fromEntries(
      STATEMENT_CALLS.map((name) => {
        const call = (...args: unknown[]) => (Reflect.get(statement, name) as Work).apply(statement, args);
        return [name, (...args: unknown[]) => this.#during('D1 statement', () => call(...args))];
      }),
    );
    const wrapped = Object.assign(Object.create(statement), { ...counted, bind });
    this.#statements.set(wrapped, statement);
    return wrapped;
  }

  async #during(name: string, work: () => unknown): Promise<unknown> {
    this.names.push(name);
    const depth = this.#ended + 1;
    this.sequential = Math.max(this.sequential, depth);
    try {
      return await work();
    } finally {
      this.#ended = Math.max(this.#ended, depth);
    }
  }
}
