// The documentation names files that exist.
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { blocksOf, listPages, ROOT, readPage } from './helpers/documents.ts';

/** A path from the root of the repository, as far as it is a plain one: no `…`, `*` or `<`. */
const PATH = /(?<![\w/.@-])(?:protocol|registry|cli|migrations|fixtures|docs)\/[\w./-]*/g;
const CODE = /`([^`\n]+)`/g;
const LINK = /\]\((?!https?:|#)([^)#\s]+)(?:#[^)\s]*)?\)/g;
/** What exists once it is built, or only in addresses. */
const NO_FILE = /^(?:registry\/(?:publish|resolve|download|info|yank|access|audit-log)\b|cli\/dist\b)/;

for (const page of await listPages()) {
  t.test(`${page} names paths that exist`, async (t) => {
    const text = await readPage(page);
    for (const path of new Set(pathsIn(text))) await exists(t, path, path);
  });

  t.test(`${page} links to files that exist`, async (t) => {
    const targets = [...(await readPage(page)).matchAll(LINK)].map(([, target]) => target ?? '');
    for (const target of new Set(targets)) await exists(t, join(dirname(page), target), target);
  });
}

/** In backticks, and in the commands of blocks. Addresses such as `/registry/publish` begin with a slash. */
function pathsIn(page: string): string[] {
  const commands = blocksOf(page).filter(({ language }) => language === 'console' || language === 'sh');
  const code = [...page.matchAll(CODE)].map(([, text]) => text ?? '');
  const texts = [...code, ...commands.flatMap(({ lines }) => lines)];
  return texts.flatMap((text) => text.match(PATH) ?? []).filter((path) => !NO_FILE.test(path));
}

async function exists(t: Test, path: string, title: string): Promise<void> {
  const found = await access(join(ROOT, path)).then(
    () => true,
    () => false,
  );
  t.ok(found, title);
}
