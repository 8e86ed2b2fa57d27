// Owns the check that this progy can run a course: engines.progy in course.json.
import { versionsIn } from '@progy/protocol/course/version.ts';
import { quote } from '@progy/protocol/quote.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import packageJson from '../package.json' with { type: 'json' };

/** A version of a course, with the versions of progy that it asks for. */
export interface EngineWish {
  readonly name: string;
  readonly version: string;
  /** A semver range; anything else is the author's mistake, and asks for nothing. */
  readonly engine?: string;
}

/**
 * Checks that this progy is among those that a course asks for.
 * @param registry its address, where the newest progy is.
 * @throws {CliError} OTHER_PROGY_NEEDED, with the command that gets the newest one.
 */
export function checkEngine(wish: EngineWish, registry: string, { update }: Pick<Context, 'update'>): void {
  const { name, version, engine } = wish;
  const own = packageJson.version;
  if (engine === undefined || versionsIn(engine, [own])?.length !== 0) return;
  const message = `${quote(name)} ${quote(version)} needs progy ${quote(engine)}, and this is progy ${own}`;
  throw new CliError('OTHER_PROGY_NEEDED', message, update(registry));
}
