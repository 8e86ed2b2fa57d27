// Owns parsing what a person types to name a course (@scope/slug, with a version, range or tag), a scope or an account.

import { CLIENT } from '@progy/protocol/client/progy-command.ts';
import { isNamePart, type PackageName, tryParsePackageName } from '@progy/protocol/course/package-name.ts';
import { tryParseVersion, type Version } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { quote } from '@progy/protocol/quote.ts';
import npa from 'npm-package-arg';
import { CliError } from '../cli-error.ts';

export interface CourseSpec {
  readonly name: PackageName;
  /** What follows the second `@`, or `latest`: a version, a range or a dist-tag. */
  readonly wanted: string;
  /** What `wanted` is. Without one, it is the range of all versions. */
  readonly kind: 'version' | 'range' | 'tag';
}

/**
 * Parses `@scope/slug[@version|@range|@tag]`. It always means the registry: npm's other kinds (folders, files, git, URLs, aliases)
 * are refused, so a local folder of that name cannot replace a course.
 * @throws {RegistryError} INVALID_NAME; {CliError} USAGE for progy itself, which registries serve too.
 */
export function parseCourseSpec(text: string): CourseSpec {
  const spec = tryParseCourseSpec(text);
  if (spec === undefined) throw notACourse(text);
  if (spec.name.full === CLIENT.full) throw notProgyItself();
  return spec;
}

/** Like {@link parseCourseSpec}, but returns undefined for anything else. */
export function tryParseCourseSpec(text: string): CourseSpec | undefined {
  const spec = parseNpmSpec(text);
  const name = tryParsePackageName(spec?.name);
  const kind = spec?.type;
  if (spec === undefined || name === undefined || !isRegistryType(kind)) return undefined;
  return { name, wanted: spec.rawSpec === '' || spec.rawSpec === '*' ? 'latest' : spec.rawSpec, kind };
}

/**
 * Parses the name of an organization or account, with or without the `@`.
 * @throws {RegistryError} INVALID_NAME.
 */
export function parseScope(text: string): string {
  const scope = text.replace(/^@/, '');
  if (isNamePart(scope)) return scope;
  const found = quote(text);
  const message = `"${found}" is not the name of an account or organization. An example is diego`;
  const next = 'Use lower-case letters, digits and "-", such as acme.';
  throw new RegistryError('INVALID_NAME', message, { found, next });
}

/**
 * Parses `@scope/slug`, or `@scope` alone.
 * @throws {RegistryError} INVALID_NAME.
 */
export function parseCourseOrScope(text: string): { subject: string; scope: string } {
  if (/^@[^/]*$/.test(text)) return { subject: `@${parseScope(text)}`, scope: parseScope(text) };
  const { name } = parseCourseSpec(text);
  return { subject: name.full, scope: name.scope };
}

/**
 * Parses `@scope/slug@version`, for commands that need one exact version.
 * @param command what was typed, for the sentence.
 * @throws {RegistryError} INVALID_NAME; {CliError} USAGE without an exact version.
 */
export function parseVersionSpec(text: string, command: string): { name: PackageName; version: Version } {
  const { name, wanted, kind } = parseCourseSpec(text);
  const version = kind === 'version' ? tryParseVersion(wanted) : undefined;
  if (version !== undefined) return { name, version };
  throw new CliError(
    'USAGE',
    `progy ${command} needs one exact version`,
    `For example: progy ${command} ${name.full}@1.0.0`,
  );
}

function parseNpmSpec(text: string): npa.Result | undefined {
  try {
    return npa(text);
  } catch {
    return undefined;
  }
}

function isRegistryType(type: string | undefined): type is CourseSpec['kind'] {
  return type === 'version' || type === 'range' || type === 'tag';
}

function notProgyItself(): CliError {
  const message = `${CLIENT.full} is progy itself, and no course`;
  return new CliError('USAGE', message, 'Find a course with: progy search');
}

function notACourse(text: string): RegistryError {
  const found = quote(text);
  return new RegistryError(
    'INVALID_NAME',
    `"${found}" is not the name of a course. An example is @diego/rust-mastery`,
    {
      found,
    },
  );
}
