import t from 'tap';
import { hostileArchives } from '../../../fixtures/archives.ts';
import { RegistryError } from '../../errors.ts';
import { bytesSource, openProgyFile, type ProgyFile } from '../../zip/progy-file.ts';
import { meteredPlatform, readAll } from '../helpers/files.ts';

/** The refusal of an archive, and how far reading had come. */
async function refusalOf(bytes: Uint8Array) {
  const { platform, inflated } = meteredPlatform();
  let opened: ProgyFile | undefined;
  const read = async () => {
    opened = await openProgyFile(bytesSource(bytes), platform);
    return readAll(opened.files());
  };
  const error: unknown = await read().catch((error: unknown) => error);
  const declared = opened?.entries.reduce((sum, entry) => sum + entry.size, 0) ?? 0;
  return { error, when: opened === undefined ? 'opened' : 'read', declared, inflated: inflated() };
}

for (const { title, code, because, when, bytes } of hostileArchives()) {
  t.test(`${title}: ${code} when ${when}`, async (t) => {
    const { error, inflated, declared, ...refusal } = await refusalOf(bytes());
    if (!(error instanceof RegistryError)) throw error;
    t.equal(error.code, code);
    t.match(error.message, because, 'for its own reason, not for another’s');
    t.equal(refusal.when, when, 'at the earliest moment');
    t.ok(inflated <= declared, `inflates ${inflated} of the ${declared} bytes that the directory declares`);
    const repeated = [error.message, ...Object.values(error.evidence)].join(' ');
    t.notMatch(repeated, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, 'and repeats nothing that acts on a terminal');
  });
}
