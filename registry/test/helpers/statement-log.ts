// Owns parsing the log of the tests' Worker: each statement that it sent to D1 is a line, see recorded-worker.js.

const STATEMENT = 'statement: ';

/** What was sent to D1, each once. */
export function statementsIn(lines: readonly string[]): string[] {
  const told = lines.filter((line) => line.startsWith(STATEMENT));
  return [...new Set(told.map((line) => line.slice(STATEMENT.length)))];
}

/** What the Worker itself logged. */
export function logsIn(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.startsWith(STATEMENT));
}
