// Owns noticing that this isolate writes to D1, whoever does it: there is no other way to a statement.
import type { D1Database, D1PreparedStatement, D1Result } from '@cloudflare/workers-types';

/** Calls back when a write has come to its end. */
type Settled = <T>(work: Promise<T>) => Promise<T>;

/**
 * The same database. `wrote` is called after every statement or batch that may have changed something, also after one
 * that failed: its answer may be all that was lost.
 */
export function watchWrites(d1: D1Database, wrote: () => void): D1Database {
  const settled: Settled = (work) => work.finally(wrote);
  return {
    prepare(query) {
      const statement = d1.prepare(query);
      return isRead(query) ? statement : new WatchedStatement(statement, settled);
    },
    batch<T>(statements: D1PreparedStatement[]) {
      const work = d1.batch<T>(statements.map(unwatched));
      return statements.some(isWatched) ? settled(work) : work;
    },
    exec: (query) => settled(d1.exec(query)),
    dump: () => d1.dump(),
    withSession: () => {
      throw new Error('Nobody would notice what a session writes');
    },
  };
}

/** Whatever does not look like a question counts as a write. After WITH may follow either, and the words tell. */
function isRead(query: string): boolean {
  if (/^\s*select\b/i.test(query)) return true;
  return /^\s*with\b/i.test(query) && !/\b(?:insert|update|delete|replace)\b/i.test(query);
}

class WatchedStatement implements D1PreparedStatement {
  readonly inner: D1PreparedStatement;
  readonly #settled: Settled;

  constructor(inner: D1PreparedStatement, settled: Settled) {
    this.inner = inner;
    this.#settled = settled;
  }

  bind(...values: unknown[]): D1PreparedStatement {
    return new WatchedStatement(this.inner.bind(...values), this.#settled);
  }

  first<T>(column?: string): Promise<T | null> {
    return this.#settled(column === undefined ? this.inner.first<T>() : this.inner.first<T>(column));
  }

  run<T>(): Promise<D1Result<T>> {
    return this.#settled(this.inner.run<T>());
  }

  all<T>(): Promise<D1Result<T>> {
    return this.#settled(this.inner.all<T>());
  }

  raw<T>(options: { columnNames: true }): Promise<[string[], ...T[]]>;
  raw<T>(options?: { columnNames?: false }): Promise<T[]>;
  raw<T>({ columnNames }: { columnNames?: boolean } = {}): Promise<[string[], ...T[]] | T[]> {
    return this.#settled<[string[], ...T[]] | T[]>(
      columnNames ? this.inner.raw<T>({ columnNames }) : this.inner.raw<T>(),
    );
  }
}

function isWatched(statement: D1PreparedStatement): statement is WatchedStatement {
  return statement instanceof WatchedStatement;
}

function unwatched(statement: D1PreparedStatement): D1PreparedStatement {
  return isWatched(statement) ? statement.inner : statement;
}
