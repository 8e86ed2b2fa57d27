// Owns the shape of one thing that progy doctor looks at.

/** `warn`: works, but not all of it or not for long. `fail`: something that people want does not work. */
export type Status = 'ok' | 'warn' | 'fail';

export interface Check {
  /** One or two words. */
  readonly name: string;
  readonly status: Status;
  /** What was found, in a line. May hold foreign text. */
  readonly found: string;
  /** What to do about it, unless it is ok. */
  readonly fix?: string;
}

export function ok(name: string, found: string): Check {
  return { name, status: 'ok', found };
}

export function warn(name: string, found: string, fix: string): Check {
  return { name, status: 'warn', found, fix };
}

export function fail(name: string, found: string, fix: string): Check {
  return { name, status: 'fail', found, fix };
}

/** What to fix first: what fails, before what is only a warning. */
export function firstToFix(checks: readonly Check[]): Check | undefined {
  return checks.find(({ status }) => status === 'fail') ?? checks.find(({ status }) => status === 'warn');
}
