// Owns reading TOML that may be broken: as much of it as can be read.
import { parse, TomlError, type TomlTable, type TomlValue } from 'smol-toml';

export type { TomlValue } from 'smol-toml';

/** How deep values may nest; a deeper one counts as broken. */
const MAX_DEPTH = 32;
/** A break inside a multi-line value is met again, where the text then ends and where the value begins. */
const MAX_TRIES = 4;

/** What a TOML text says; only what is before the break if it is broken or cut off. Takes time in proportion to its length. */
export function readToml(toml: string): TomlTable {
  let text = toml;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    try {
      return parse(text, { maxDepth: MAX_DEPTH });
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      text = linesBefore(text, error.line);
    }
  }
  return {};
}

/** The entries of a table; none of anything else. */
export function entriesOf(table: TomlValue | undefined): [key: string, value: TomlValue][] {
  return typeof table === 'object' && !Array.isArray(table) ? Object.entries(table) : [];
}

/** @param line the first is 1. */
function linesBefore(text: string, line: number): string {
  return text
    .split(/\r?\n/)
    .slice(0, line - 1)
    .join('\n');
}
