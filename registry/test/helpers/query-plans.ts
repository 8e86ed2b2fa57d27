// Owns checking SQLite's query plans on the schema of the migrations: it finds statements that read all of a growing table.
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const FOLDER = new URL('../../../migrations/', import.meta.url);

/** Names of the migrations, in order. */
export const MIGRATIONS: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sql'))
  .sort();

export function migrate(database: DatabaseSync, names: readonly string[]): void {
  for (const name of names) database.exec(readFileSync(new URL(name, FOLDER), 'utf8'));
}

/** Accepted scans. */
interface Accepted {
  statement: RegExp;
  /** The line of its plan. */
  scan: RegExp;
  because: string;
}

/** Each entry says why nobody can trigger it often, or why it is short. */
const ACCEPTED: readonly Accepted[] = [
  {
    statement:
      /^select (count\(\*\)|"id", .*) from "user"( where "user"\."\w+" like \?)?( order by .*)?( limit \?)?( offset \?)?$/,
    scan: /^SCAN user\b/,
    because: 'GET /api/auth/admin/list-users pages through all accounts and counts them; only admins may ask for it',
  },
];

/** Plan lines that read no table: a list in a parameter, a row of constants, a finished row of a view or subquery. */
const HARMLESS = /^SCAN (json_each VIRTUAL TABLE|CONSTANT ROW|\d+ CONSTANT ROWS)/;
/** A full-text index queried with MATCH (M), or for one row (=). */
const INDEXED = /^SCAN \S+ VIRTUAL TABLE INDEX \d+:[M=]/;

/** Plans of statements, with the indexes of production and no statistics: D1 has none. */
export class QueryPlans {
  readonly #database = new DatabaseSync(':memory:');

  constructor() {
    migrate(this.#database, MIGRATIONS);
  }

  close(): void {
    this.#database.close();
  }

  /** The triggers' own statements and conditions, with parameters for the rows that they are about. */
  triggered(): string[] {
    const triggers = this.#database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").all();
    return triggers.flatMap(({ sql }) => statementsOf(String(sql)));
  }

  /** The lines of a statement's plan that read all of a table, but for those that are accepted. */
  scansOf(statement: string): string[] {
    const lines = this.#linesOf(statement);
    const made = new Set(lines.map((line) => /^(?:MATERIALIZE|CO-ROUTINE) (\S+)/.exec(line)?.[1]));
    const isOfTable = (line: string) => !made.has(line.split(' ')[1]);
    return lines.filter((line) => readsAll(line) && isOfTable(line) && !isAccepted(statement, line));
  }

  #linesOf(statement: string): string[] {
    const lines = this.#database.prepare(`EXPLAIN QUERY PLAN ${statement}`).all();
    return lines.map(({ detail }) => String(detail));
  }
}

/**
 * Checks that no statement reads all of a table.
 * @throws {Error} with those that do, and what they scan.
 */
export function requireIndexes(statements: readonly string[]): void {
  const plans = new QueryPlans();
  const found = statements.flatMap((statement) => plans.scansOf(statement).map((line) => `${line}\n  in ${statement}`));
  plans.close();
  if (found.length > 0) throw new Error(`${found.length} scans of tables that grow:\n${found.join('\n')}`);
}

/** An index that SQLite builds for one statement is built of all rows, too. */
function readsAll(line: string): boolean {
  if (line.includes(' AUTOMATIC ')) return true;
  return line.startsWith('SCAN ') && !HARMLESS.test(line) && !INDEXED.test(line);
}

function isAccepted(statement: string, line: string): boolean {
  return ACCEPTED.some((accepted) => accepted.statement.test(statement) && accepted.scan.test(line));
}

/** The condition and statements of a trigger. RAISE reads nothing, and is allowed only in triggers. */
function statementsOf(trigger: string): string[] {
  const [, condition, body = ''] = /^CREATE TRIGGER .*?(?:WHEN(.*?))?\bBEGIN\b(.*)\bEND$/s.exec(trigger) ?? [];
  const statements = [...(condition ? [`SELECT 1 WHERE ${condition}`] : []), ...body.split(';')];
  return statements
    .filter((statement) => statement.trim() !== '' && !statement.includes('RAISE('))
    .map((statement) => statement.replace(/\b(?:NEW|OLD)\.\w+/g, '?'));
}
