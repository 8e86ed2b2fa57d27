// Owns `progy publish`: uploading a course folder or a .progy file to the registry.
import { resolve } from 'node:path';
import { progyFileName } from '@progy/protocol/course/package-name.ts';
import { isPrerelease, parseDistTag, type Version } from '@progy/protocol/course/version.ts';
import { RegistryError } from '@progy/protocol/errors.ts';
import type { PublishMetadata, PublishReceipt } from '@progy/protocol/wire/publish.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { candidateInFile, candidateInFolder, type Publishable } from '../course/publishable.ts';
import { checkSignedIn, chooseRegistry, type Registry, registryFlag } from '../registry/choice.ts';
import { createRegistryClient } from '../registry/client.ts';
import { formatSize } from '../terminal/format.ts';
import type { PublishOptions } from '../usage/publish.ts';

interface DryRun {
  readonly dryRun: true;
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly checksum: string;
  readonly sizeBytes: number;
  readonly tree: string;
  readonly registry: Registry;
}

interface RealRun extends Omit<PublishReceipt, 'ok' | 'success'> {
  readonly dryRun: false;
  readonly tree: string;
  readonly registry: Registry;
}

export type PublishResult = DryRun | RealRun;

export async function run(options: PublishOptions, context: Context): Promise<PublishResult> {
  const candidate = await (options.file === undefined
    ? candidateInFolder(context.cwd, context)
    : candidateInFile(resolve(context.cwd, options.file)));
  const { course, changelog } = candidate;
  const { name, version } = course;
  const tag = checkTag(options.tag, version);
  const registry = await chooseRegistry(context, options.registry, name.scope);
  if (!options.dryRun) checkSignedIn(registry);
  return candidate.withPublishable<PublishResult>((publishable) =>
    options.dryRun
      ? describe(publishable, registry, context)
      : send(publishable, { tag, force: options.force, changelog }, registry, context),
  );
}

export const views: Views<PublishResult> = {
  human: (result) => (result.dryRun ? showDryRun(result) : showPublished(result)),
  json: ({ registry, ...fields }) => ({ ...fields, registry: registry.label }),
};

function checkTag(tag: string | undefined, version: Version): string | undefined {
  if (tag !== undefined) return parseDistTag(tag);
  if (isPrerelease(version)) throw new RegistryError('TAG_REQUIRED', `${version} is a prerelease and needs a tag`);
  return undefined;
}

async function describe(publishable: Publishable, registry: Registry, { talk }: Context): Promise<DryRun> {
  const { course, source, integrity, checksum, tree } = publishable;
  if (registry.token === undefined) talk.note(`You are not signed in to ${registry.label} yet.`);
  return {
    dryRun: true,
    name: course.name.full,
    version: course.version,
    integrity,
    checksum,
    sizeBytes: source.size,
    tree,
    registry,
  };
}

async function send(
  { course, source, tree, checksum }: Publishable,
  choices: Pick<PublishMetadata, 'tag' | 'force' | 'changelog'>,
  registry: Registry,
  { talk, signal }: Context,
): Promise<RealRun> {
  const client = createRegistryClient(registry, signal);
  const metadata: PublishMetadata = {
    name: course.name.full,
    version: course.version,
    description: course.fields.description,
    tree,
    checksum,
    sizeBytes: source.size,
    ...choices,
  };
  const fileName = progyFileName(course.name, course.version);
  const label = `Publishing ${course.name.full} ${course.version}`;
  const { ok, success, ...published } = await talk.during(label, (report) =>
    client.publish(source, fileName, metadata, report),
  );
  const { tag } = choices;
  if (typeof tag === 'string' && published.tag !== tag) talk.warn(tagNotSet(published, tag));
  return { ...published, dryRun: false, tree, registry };
}

/** A version that was published before keeps its tags. */
function tagNotSet({ name, version }: Pick<PublishReceipt, 'name' | 'version'>, tag: string): string {
  return `The tag ${tag} was not set because this version was published before. Set it with: npm dist-tag add ${name}@${version} ${tag}`;
}

/** The lines of the seed plan §14. */
function showDryRun({ name, version, sizeBytes }: DryRun): string {
  return [
    '[DRY-RUN] Validating course.json... OK',
    `[DRY-RUN] Packing files... (${formatSize(sizeBytes).replace(' ', '')})`,
    `[DRY-RUN] Would publish ${name} v${version}`,
  ].join('\n');
}

function showPublished({ name, version, url, checksum, sizeBytes, tag, already, registry }: RealRun): string {
  const spec = tag === undefined || tag === 'latest' ? name : `${name}@${tag}`;
  return [
    already ? `${name}@${version} is already published with the same content` : `Published ${name}@${version}`,
    `  url       ${url}`,
    `  size      ${formatSize(sizeBytes)}`,
    `  checksum  sha256 ${checksum}`,
    '',
    ...(already ? [] : [...releaseAgeNote(name), '']),
    `Next: progy init ${spec}${registryFlag(registry)}`,
  ].join('\n');
}

/** A course that is published in the morning is for the class at ten; npm and bun take it at once. */
function releaseAgeNote(name: string): string[] {
  const courses = `["${name.split('/')[0]}/*"]`;
  return [
    'pnpm 11 and Yarn 4 install no version that is less than a day old. To use them today, a class needs:',
    `  pnpm-workspace.yaml  minimumReleaseAgeExclude: ${courses}`,
    `  .yarnrc.yml          npmPreapprovedPackages: ${courses}`,
  ];
}
