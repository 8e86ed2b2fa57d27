// Owns measuring documents: the bytes of each form of a packument, plain and gzipped, by the registry or by the network.
import { gzipSync } from 'node:zlib';
import { parsePackageName } from '@progy/protocol/course/package-name.ts';
import { packumentPath } from '@progy/protocol/wire/urls.ts';

export interface DocumentSize {
  title: string;
  bytes: number;
  /** With zlib's level 6, close to what networks use. */
  gzipped: number;
}

const FORMS: readonly [title: string, headers: Record<string, string>][] = [
  ['full', { Accept: 'application/json' }],
  ['abbreviated', { Accept: 'application/vnd.npm.install-v1+json' }],
];

/** The packument of an existing course, in both forms. @param origin of the registry. */
export async function weighPackument(origin: string, name: string, versions: number): Promise<DocumentSize[]> {
  const sizes: DocumentSize[] = [];
  for (const [form, headers] of FORMS) {
    const answer = await fetch(origin + packumentPath(parsePackageName(name)), { headers });
    const body = new Uint8Array(await answer.arrayBuffer());
    const title = `${form}, ${versions} ${versions === 1 ? 'version' : 'versions'}`;
    sizes.push({ title, bytes: body.length, gzipped: gzipSync(body).length });
  }
  return sizes;
}
