// Owns the text that tells whose work is in the bundle and under which licences.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import licenceTexts from 'spdx-license-list/full.js';

/** What is read of a package.json. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
  readonly author?: string | { readonly name?: string };
}

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

const HEADING = `# Third-party notices

The code of this package holds code of these packages, under their licences.
`;

/**
 * The notices for some packages: for each its licence and notice files or, where it has none, the text of the licence that it names.
 * @param packages absolute paths of their folders.
 * @throws {Error} for a package that tells no licence, or one without a known text: it cannot be bundled.
 */
export async function noticesOf(packages: readonly string[]): Promise<string> {
  const notices = await Promise.all(packages.map(noticeOf));
  return [HEADING, ...[...new Set(notices)].sort()].join('\n');
}

async function noticeOf(folder: string): Promise<string> {
  const manifest: Manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const texts = await licencesIn(folder);
  const found = texts.length > 0 ? texts : [licenceNamedBy(manifest)];
  const { name, version, license } = manifest;
  return [`## ${name} ${version}`, '', `Licence: ${String(license)}`, '', ...found.map(asBlock)].join('\n');
}

async function licencesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => LICENCE_FILE.test(name));
  return Promise.all(names.sort().map((name) => readFile(join(folder, name), 'utf8')));
}

function licenceNamedBy({ name, license, author }: Manifest): string {
  const text = typeof license === 'string' ? licenceTexts[license]?.licenseText : undefined;
  if (text === undefined) throw new Error(`${name} has no licence file, and the text of its licence is not known`);
  const holder = typeof author === 'object' ? author.name : author;
  return holder === undefined ? text : `By ${holder}.\n\n${text}`;
}

/** Licences are plain text, and some hold Markdown: the fence is longer than theirs. */
function asBlock(text: string): string {
  return `\`\`\`\`\`text\n${text.replace(/\r\n?/g, '\n').trim()}\n\`\`\`\`\`\n`;
}
