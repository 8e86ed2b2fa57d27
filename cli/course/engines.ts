// Owns whether this progy can run a course: engines.progy in course.json.
import type { Course } from '@progy/protocol/course/course.ts';
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
  readonly engine?: string | undefined;
}

/**
 * Checks that this progy is among those that a course asks for.
 * @param registry its address, where the newest progy is.
 * @throws {CliError} OTHER_PROGY_NEEDED, with the command that gets the newest one.
 */
export function checkEngine(wish: EngineWish, registry: string, { update }: Pick<Context, 'update'>): void {
  const problem = engineProblem(wish);
  if (problem !== undefined) throw new CliError('OTHER_PROGY_NEEDED', problem, update(registry));
}

/**
 * Warns of tests that may need another progy. They run all the same: a student who has begun a course does not lose it by
 * an update of progy.
 */
export function warnOfEngine({ name, version, fields }: Course, { talk }: Pick<Context, 'talk'>): void {
  const problem = engineProblem({ name: name.full, version, engine: fields.engines?.progy });
  if (problem !== undefined) talk.warn(`${problem}. What fails may fail for this reason.`);
}

function engineProblem({ name, version, engine }: EngineWish): string | undefined {
  const own = packageJson.version;
  if (engine === undefined || versionsIn(engine, [own])?.length !== 0) return undefined;
  return `${quote(name)} ${quote(version)} needs progy ${quote(engine)}, and this is progy ${own}`;
}
