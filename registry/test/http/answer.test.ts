// One function answers with our documents, and requires their type to be named.
import { readdir, readFile } from 'node:fs/promises';
import t from 'tap';

const ROUTES = new URL('../../routes/', import.meta.url);
/** npm's documents; and what nobody reads as a document of ours: a JSON Schema, and a greeting. */
const OTHERS = /^npm\/|course-schema\.ts$|welcome\.ts$/;

t.test('no route of Progy’s own dialect prints JSON by itself', async (t) => {
  const files = await readdir(ROUTES, { recursive: true });
  const ours = files.filter((file) => /\.tsx?$/.test(file) && !OTHERS.test(file.replaceAll('\\', '/')));
  t.ok(ours.length > 10);
  for (const file of ours) t.notMatch(await readFile(new URL(file, ROUTES), 'utf8'), /\bc\.json\(/, file);
});
