// Owns `progy info`: everything about a course before you start it.

import { highestIn, tryParseVersion } from '@progy/protocol/course/version.ts';
import { type CourseInfo, courseInfoSchema } from '@progy/protocol/wire/course-info.ts';
import { infoPath } from '@progy/protocol/wire/urls.ts';
import { CliError } from '../cli-error.ts';
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { exchangeKeptIn } from '../network/kept-exchange.ts';
import { cacheUseOf, openCache } from '../registry/cache.ts';
import { chooseRegistry, type Registry, registryFlag } from '../registry/choice.ts';
import { createRegistryClient, type RegistryClient } from '../registry/client.ts';
import { checkSignature } from '../registry/signature.ts';
import { type CourseSpec, parseCourseSpec } from '../registry/spec.ts';
import type { InfoOptions } from '../usage/info.ts';
import { type InfoResult, type SignatureState, showInfo } from '../views/info.ts';

export async function run(options: InfoOptions, context: Context): Promise<InfoResult> {
  const spec = parseCourseSpec(options.spec);
  const registry = await chooseRegistry(context, options.registry, spec.name.scope);
  const asking = exchangeKeptIn({ folder: await openCache(context), use: cacheUseOf(options) });
  const client = createRegistryClient(registry, context.signal, asking);
  const info = await context.talk.during(`Asking for ${spec.name.full}`, () => findInfo(client, spec, registry));
  const signature = await context.talk.during('Checking the signature', () => signatureOf(client, info, registry));
  const { columns } = context;
  return { info, signature, registry: registry.label, flag: registryFlag(registry), columns, now: new Date() };
}

export const usesCache = true;

export const views: Views<InfoResult> = {
  human: showInfo,
  json: ({ info, signature, registry }) => ({ ...info, signature, registry }),
};

/** The registry resolves versions and tags. A range means the highest matching version that is not yanked. */
async function findInfo(
  client: RegistryClient,
  { name, wanted, kind }: CourseSpec,
  registry: Registry,
): Promise<CourseInfo> {
  const read = async (version: string) => {
    const info = await client.read(infoPath(name, version), courseInfoSchema);
    if (info.name === name.full) return info;
    throw new CliError('NOT_A_REGISTRY', `${registry.label} answered with a course other than ${name.full}`);
  };
  if (kind === 'tag' || wanted === 'latest' || tryParseVersion(wanted) !== undefined) return read(wanted);
  const { versions } = await read('latest');
  const numbers = versions.filter(({ yanked }) => yanked === null).map(({ version }) => version);
  return read(highestIn(numbers, wanted) ?? wanted);
}

async function signatureOf(
  client: RegistryClient,
  { manifest, publishedAt }: CourseInfo,
  registry: Registry,
): Promise<SignatureState> {
  const { name, version, dist } = manifest;
  const { tarball: resolved, integrity, signatures } = dist;
  const course = { name, version, resolved, integrity, signatures, publishedAt: new Date(publishedAt), notes: {} };
  try {
    const checked = await checkSignature(course, await client.keys(), registry.label);
    return checked === undefined ? { state: 'none' } : { state: 'valid', keyid: checked.keyid };
  } catch (error) {
    if (error instanceof CliError && error.code === 'SIGNATURE') return { state: 'invalid', problem: error.message };
    throw error;
  }
}
