// Owns reading the list of a class: usernames or email addresses in a CSV file, such as a school's system exports.
import { readFile, stat } from 'node:fs/promises';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../../cli-error.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_PEOPLE = 2_000;
/** Characters of one line, and of one name or address. */
const MAX_LINE = 10_000;
const MAX_PERSON = 320;
/** Headings of the column that counts, the best first. Without any, the first column does, from the first line. */
const HEADINGS = ['username', 'user', 'account', 'login', 'email', 'e-mail', 'mail', 'address'];

/**
 * The people in a CSV file, each once.
 * @param path absolute.
 * @throws {CliError} FILE_NOT_FOUND; USAGE for a file that cannot be read as one, is empty, or is too long.
 */
export async function readPeople(path: string): Promise<string[]> {
  const [heading, ...rest] = await readRows(path);
  if (heading === undefined) throw unusable(path, 'is empty');
  const names = heading.map((cell) => cell.trim().toLowerCase());
  const best = HEADINGS.find((known) => names.includes(known));
  const rows = best === undefined ? [heading, ...rest] : rest;
  const column = best === undefined ? 0 : names.indexOf(best);
  const people = [...new Set(rows.map((row) => (row[column] ?? '').trim()).filter((person) => person !== ''))];
  if (people.length === 0) throw unusable(path, 'names nobody');
  if (people.length > MAX_PEOPLE) throw unusable(path, `names more than ${MAX_PEOPLE} people`);
  const long = people.find((person) => person.length > MAX_PERSON);
  if (long !== undefined) throw unusable(path, `names somebody whose name is too long: ${quote(long, 40)}`);
  return people;
}

async function readRows(path: string): Promise<string[][]> {
  const size = await stat(path).then(
    (stats) => stats.size,
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new CliError('FILE_NOT_FOUND', `No such file: ${path}`) : error;
    },
  );
  if (size > MAX_BYTES) throw unusable(path, 'is larger than any list of a class');
  const { parse } = await import('csv-parse/sync');
  const options = { bom: true, delimiter: [',', ';', '\t'], relax_column_count: true, max_record_size: MAX_LINE };
  try {
    // As bytes: their first ones say whether they are UTF-8 or, as in Excel's "Unicode Text", UTF-16.
    return parse(await readFile(path), { ...options, skip_empty_lines: true });
  } catch (cause) {
    throw unusable(path, 'is not a CSV file', cause);
  }
}

function unusable(path: string, problem: string, cause?: unknown): CliError {
  const next = 'Use a CSV file with a column "username" or "email".';
  return new CliError('USAGE', `${path} ${problem}`, next, { cause });
}
