// Owns `progy deprecate`: a message shown to those who install certain versions of a course.

import { versionsIn } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import { type Resolution, resolutionSchema } from '@progy/protocol/wire/resolution.ts';
import { packumentPath, resolvePath } from '@progy/protocol/wire/urls.ts';
import { editAnswerSchema, type PackumentEdit } from '@progy/protocol/wire/version-changes.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { chooseSignedIn, type Registry, registryFlag } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { type CourseSpec, parseCourseSpec } from '../registry/spec.ts';
import { count, shellWord } from '../terminal/format.ts';
import type { DeprecateOptions } from '../usage/deprecate.ts';

export interface DeprecateResult {
  readonly name: string;
  /** The versions that now have the message. */
  readonly versions: readonly string[];
  /** Empty: the deprecation was removed. */
  readonly message: string;
  /** As it was typed. */
  readonly spec: string;
  readonly registry: Registry;
}

export async function run(options: DeprecateOptions, context: Context): Promise<DeprecateResult> {
  const spec = parseCourseSpec(options.spec);
  const { name } = spec;
  const registry = await chooseSignedIn(context, options.registry, name.scope);
  const client = createRegistryClient(registry, context.signal);
  const versions = versionsMeant(spec, await client.read(resolvePath(name), resolutionSchema));
  const message = options.message.trim();
  await client.change('PUT', packumentPath(name), editAnswerSchema, deprecating(versions, message));
  return { name: name.full, versions, message, spec: options.spec, registry };
}

export const views: Views<DeprecateResult> = {
  human: ({ name, versions, message, spec, registry }) =>
    [
      `${message === '' ? 'No longer deprecated' : 'Deprecated'}: ${count(versions.length, 'version')} of ${name}`,
      ...versions.map((version) => `  ${version}`),
      '',
      message === ''
        ? `Next: see it as readers do: npm view ${name}${registryFlag(registry)}`
        : `Next: to undo this: progy deprecate ${shellWord(spec)} ""${registryFlag(registry)}`,
    ].join('\n'),
  json: ({ name, versions, message, registry }) => ({ name, versions, message, registry: registry.label }),
};

function deprecating(versions: readonly string[], deprecated: string): PackumentEdit {
  return { versions: Object.fromEntries(versions.map((version) => [version, { deprecated }])) };
}

/** @throws {RegistryError} VERSION_NOT_FOUND. */
function versionsMeant({ name, wanted, kind }: CourseSpec, { versions, distTags }: Resolution): string[] {
  if (kind === 'tag') return [taggedVersion(name.full, wanted, distTags)];
  const range = wanted === 'latest' ? '*' : wanted;
  const meant = versionsIn(range, versions) ?? [];
  if (meant.length > 0) return meant;
  throw new RegistryError('VERSION_NOT_FOUND', `No version of ${name.full} matches ${range}`, { name: name.full });
}

function taggedVersion(name: string, tag: string, distTags: Resolution['distTags']): string {
  const version = Object.hasOwn(distTags, tag) ? distTags[tag] : undefined;
  if (version !== undefined) return version;
  throw new RegistryError('VERSION_NOT_FOUND', `${name} has no dist-tag ${tag}`, { name });
}
