// Owns the command line of `npm start`.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface StartOptions {
  /** 0 picks a free one. */
  port: number;
  /** Folder of D1 and R2. */
  state: string;
  seed: boolean;
  vars: Record<string, string>;
}

export const USAGE = `npm start -- [options]

  --port N           port on loopback (8787; 0 picks a free one)
  --state DIR        folder for the local D1 and R2 (.wrangler/state)
  --no-seed          start with an empty registry
  --var NAME:VALUE   override a var of wrangler.toml; may be repeated`;

/** @throws {Error} with a sentence for the person who typed it. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      port: { type: 'string', default: '8787' },
      state: { type: 'string', default: '.wrangler/state' },
      seed: { type: 'boolean', default: true },
      var: { type: 'string', multiple: true, default: [] },
    },
  });
  return {
    port: parsePort(values.port),
    state: resolve(values.state),
    seed: values.seed,
    vars: Object.fromEntries(values.var.map(parseVar)),
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not "${text}"`);
  }
  return port;
}

function parseVar(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new Error(`--var takes NAME:VALUE, not "${text}"`);
  return [text.slice(0, colon), text.slice(colon + 1)];
}
