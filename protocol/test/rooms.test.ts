// The layout of the source: no folder is crowded, and neither folders of a layer nor files import each other in a circle.
import { posix } from 'node:path';
import t from 'tap';
import { type Import, importsOf, sourceFiles } from './helpers/imports.ts';

/** Maximum number of source files in a folder. */
const MOST_FILES = 14;

/** One file per command: people look for the name of the command there. */
const MAY_BE_CROWDED = ['cli/commands', 'cli/usage'];

/** Inside a layer, folders that lie side by side are subjects: at most one of two knows the other. */
const LAYERS = ['protocol', 'registry/domain', 'registry/database', 'registry/routes', 'registry/web', 'cli'];

const sources = sourceFiles().filter((file) => /^(protocol|registry|cli)\//.test(file) && !file.includes('/test/'));
const imports = importsOf(sources);

function crowdedFolders(files: readonly string[]): string[] {
  const folders = Map.groupBy(files, (file) => posix.dirname(file));
  const crowded = [...folders].filter(
    ([folder, { length }]) => length > MOST_FILES && !MAY_BE_CROWDED.includes(folder),
  );
  return crowded.map(([folder, { length }]) => `${folder} holds ${length} files`);
}

/** The imports between folders that lie side by side, at any depth of a layer, as imports of one folder by the other. */
function betweenSiblings(imports: readonly Import[]): Import[] {
  return imports.flatMap(({ file, to }) => {
    const [from = [], target = []] = [file, to].map((path) => posix.dirname(path).split('/'));
    const parting = from.findIndex((part, depth) => part !== target[depth]);
    if (parting < 0 || target[parting] === undefined || !isInLayer(from.slice(0, parting).join('/'))) return [];
    return [{ file: from.slice(0, parting + 1).join('/'), to: target.slice(0, parting + 1).join('/') }];
  });
}

function isInLayer(folder: string): boolean {
  return LAYERS.some((layer) => folder === layer || folder.startsWith(`${layer}/`));
}

/** Groups of those that reach each other through imports, each sorted. */
function circlesIn(imports: readonly Import[]): string[][] {
  const next = Map.groupBy(imports, ({ file }) => file);
  const reached = new Map([...next.keys()].map((file) => [file, reachedFrom(file, next)]));
  const inCircle = [...next.keys()].filter((file) => reached.get(file)?.has(file)).sort();
  const circleOf = (file: string) =>
    inCircle.filter((other) => reached.get(file)?.has(other) && reached.get(other)?.has(file));
  return inCircle.map(circleOf).filter(([first], index) => first === inCircle[index]);
}

function reachedFrom(start: string, next: ReadonlyMap<string, readonly Import[]>): Set<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const { to } of next.get(file) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      waiting.push(to);
    }
  }
  return reached;
}

/** `a -> b -> c`: the first imports the second, and so on. */
function arrows(...chains: string[]): Import[] {
  return chains.flatMap((chain) => {
    const files = chain.split(' -> ');
    return files.slice(1).map((to, index) => ({ file: files[index] ?? '', to }));
  });
}

t.test('a crowded folder is seen', async (t) => {
  const files = (folder: string, count: number) => Array.from({ length: count }, (_, i) => `${folder}/${i}.ts`);
  t.same(crowdedFolders(files('protocol/zip', MOST_FILES)), []);
  t.same(crowdedFolders(files('protocol/zip', MOST_FILES + 1)), ['protocol/zip holds 15 files']);
  t.same(crowdedFolders([...files('protocol/zip', 10), ...files('protocol/zip/deeper', 10)]), []);
  t.same(crowdedFolders(files('cli/commands', 40)), []);
});

t.test('folders of a layer that import each other are seen', async (t) => {
  const circles = (...chains: string[]) => circlesIn(betweenSiblings(arrows(...chains)));
  const [read, publish, rights] = ['read', 'publish', 'rights'].map((wing) => `registry/domain/${wing}`);
  t.same(circles(`${read}/a.ts -> ${publish}/b.ts`, `${publish}/c.ts -> ${read}/d.ts`), [[publish, read]]);
  t.same(circles(`${read}/a.ts -> ${publish}/b.ts`, `${publish}/b.ts -> ${rights}/c.ts`), [], 'one way is allowed');
  t.same(
    circles(`${read}/a.ts -> ${publish}/b.ts`, `${publish}/c.ts -> ${rights}/d.ts`, `${rights}/e.ts -> ${read}/f.ts`),
    [[publish, read, rights]],
    'round three corners',
  );
  t.same(
    circles('registry/routes/npm/read/a.ts -> registry/routes/npm/people/b.ts -> registry/routes/npm/read/c.ts'),
    [['registry/routes/npm/people', 'registry/routes/npm/read']],
    'deeper in a layer',
  );
  t.same(circles('cli/commands/a.ts -> cli/context.ts -> cli/commands/b.ts'), [], 'a layer’s root is no room of it');
  t.same(circles(`registry/http/a.ts -> ${read}/b.ts -> registry/http/c.ts`), [], 'layers are watched by the arrows');
});

t.test('files that import each other are seen', async (t) => {
  t.same(circlesIn(arrows('a -> b -> a')), [['a', 'b']]);
  t.same(circlesIn(arrows('a -> b -> c -> d -> b')), [['b', 'c', 'd']]);
  t.same(circlesIn(arrows('a -> b -> a', 'c -> d -> c', 'a -> c')), [
    ['a', 'b'],
    ['c', 'd'],
  ]);
  t.same(circlesIn(arrows('a -> a')), [['a']]);
  t.same(circlesIn(arrows('a -> b -> d', 'a -> c -> d')), []);
});

t.test(`no folder holds more than ${MOST_FILES} source files`, async (t) => {
  t.ok(sources.length > 200, `${sources.length} files are watched`);
  t.same(crowdedFolders(sources), []);
});

t.test('no folders of a layer import each other', async (t) => {
  const watched = betweenSiblings(imports);
  t.ok(watched.length > 100, `${watched.length} imports are watched`);
  t.same(circlesIn(watched), []);
});

t.test('no files import each other', async (t) => {
  t.ok(imports.length > 1_000, `${imports.length} imports are watched`);
  t.same(circlesIn(imports), []);
});
