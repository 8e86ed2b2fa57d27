// A term with a course: whatever its author and a student do, no line of the student's is lost, and every update can be undone.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { run as reset } from '../../commands/reset.ts';
import {
  began,
  type Files,
  lines,
  type Student,
  student as startAs,
  stateOf,
  termRegistry,
  treeAt,
} from '../helpers/term.ts';

t.test('a term: two new versions, work of every kind, conflicts solved, undone and reset', async (t) => {
  const work = (name: string, changed: Record<number, string> = {}) => lines(1, 25, { 13: name, ...changed });
  const first = {
    'README.md': work('readme'),
    '.gitignore': 'target/\n',
    'run.sh': '#!/bin/sh\n',
    'map.png': Buffer.from([137, 0, 1]),
    'content/m/01_a/x.js': work('a'),
    'content/m/02_b/x.js': work('b'),
    'content/m/03_c/x.js': work('c'),
    'content/m/04_d/x.js': work('d'),
  };
  const { ana, publish } = await began(t, first);

  // The first weeks: edits, an addition, a deletion, a rename, commits, and work that is not committed.
  await ana.write({
    'content/m/01_a/x.js': work('a', { 20: 'my a' }),
    'notes/week1.md': 'week one\n',
    'target/out': 'built\n',
  });
  ana.commit('Exercise a');
  ana.git('mv', 'content/m/02_b/x.js', 'content/m/02_b/solution.js');
  await ana.write({
    'content/m/04_d/x.js': null,
    'map.png': Buffer.from([137, 0, 2]),
    'README.md': work('readme').replaceAll('\n', '\r\n'),
  });
  await ana.write({
    'content/m/02_b/solution.js': work('b', { 20: 'my b' }),
    'content/m/03_c/x.js': work('c', { 13: 'my c' }),
  });
  const week3 = await stateOf(ana);

  await publish('1.1.0', {
    ...first,
    'README.md': work('readme', { 1: 'second print' }),
    'run.sh': '#!/bin/sh\necho two\n',
    'map.png': Buffer.from([137, 0, 3]),
    'content/m/01_a/x.js': work('a', { 1: 'better' }),
    'content/m/02_b/x.js': work('b', { 1: 'better' }),
    'content/m/03_c/x.js': work('c', { 13: 'better' }),
    'content/m/05_e/x.js': work('e'),
  });
  t.match(await ana.update(), {
    update: {
      state: 'conflicts',
      change: { conflicts: [{ path: 'content/m/03_c/x.js', kind: 'both-changed' }], keptBoth: [{ path: 'map.png' }] },
    },
  });
  const conflicting = await treeAt(ana.folder);
  await ana.update({ undo: true });
  t.same(await stateOf(ana), week3, 'undone in the middle of the conflict');
  await ana.update({ undo: true });
  t.same(await treeAt(ana.folder), conflicting, 'and forth again');
  await ana.write({ 'content/m/03_c/x.js': work('c', { 13: 'my c, and better' }) });
  ana.commit('Update, solved');
  t.match(await treeAt(ana.folder), {
    'content/m/01_a/x.js': `- ${work('a', { 1: 'better', 20: 'my a' })}`,
    'content/m/02_b/solution.js': `- ${work('b', { 1: 'better', 20: 'my b' })}`,
    'README.md': `- ${work('readme', { 1: 'second print' }).replaceAll('\n', '\r\n')}`,
    'run.sh': 'x #!/bin/sh\necho two\n',
    'notes/week1.md': '- week one\n',
    'target/out': '- built\n',
    'map.course-1.1.0.png': '- \u0089\u0000\u0003',
  });
  t.notOk('content/m/04_d/x.js' in conflicting, 'what the student deleted stays deleted');
  t.match(await ana.update(), { update: { state: 'up-to-date' } });

  // Towards the end: the author renumbers, removes, and turns the line ends of everything.
  await ana.write({ 'content/m/05_e/x.js': work('e', { 20: 'my e' }), 'content/m/05_e/own.js': 'own\n' });
  const week9 = await stateOf(ana);
  const crlf = (text: string) => text.replaceAll('\n', '\r\n');
  await publish('2.0.0', {
    '.gitignore': 'target/\n',
    'README.md': crlf(work('readme', { 1: 'third print' })),
    'run.sh': '#!/bin/sh\necho three\n',
    'content/m/01_b/x.js': crlf(work('b', { 1: 'better' })),
    'content/m/02_a/x.js': crlf(work('a', { 1: 'best' })),
    'content/m/03_e/x.js': crlf(work('e', { 1: 'new' })),
  });
  const result = await ana.update();
  const after = await treeAt(ana.folder);
  t.match(result, {
    update: {
      to: '2.0.0',
      change: {
        exercises: { removed: ['content/m/03_c', 'content/m/04_d'] },
        conflicts: [
          { path: 'content/m/03_c/x.js', kind: 'removed-by-course' },
          { path: 'map.png', kind: 'removed-by-course' },
        ],
      },
    },
  });
  const text = (path: string) => after[path]?.replaceAll('\r', '');
  t.equal(text('content/m/02_a/x.js'), `- ${work('a', { 1: 'best', 20: 'my a' })}`);
  t.equal(text('content/m/03_e/x.js'), `- ${work('e', { 1: 'new', 20: 'my e' })}`);
  t.equal(after['content/m/03_e/own.js'], '- own\n');
  t.match(text('content/m/03_c/x.js'), /my c, and better/);
  await ana.update({ abort: true });
  t.same(await stateOf(ana), week9);
  await ana.update();
  ana.commit('Keep exercise c');
  const { files } = await reset({ path: 'content/m/02_a', yes: true }, ana.context);
  t.same(files, ['content/m/02_a/x.js']);
  await ana.update({ undo: true });
  t.equal((await treeAt(ana.folder))['content/m/02_a/x.js'], after['content/m/02_a/x.js'], 'the reset is undone');
});

const PATHS = [
  'top.txt',
  'lib/z.txt',
  'content/m/01_a/x.txt',
  'content/m/01_a/y.txt',
  'content/m/02_b/x.txt',
  'content/m/new.txt',
  'data.bin',
];
const path = fc.constantFrom(...PATHS);
const lineNumber = fc.nat(9);

/** One thing that somebody does. What does not make sense where they are does nothing. */
const deed = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('edit' as const), path, line: lineNumber }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add' as const), path }) },
  fc.record({ kind: fc.constant('remove' as const), path }),
  fc.record({
    kind: fc.constant('rename' as const),
    path,
    to: fc.constantFrom('moved.txt', 'lib/moved.txt', 'content/m/03_a/x.txt'),
  }),
  fc.record({ kind: fc.constant('renumber' as const) }),
  fc.record({ kind: fc.constant('turn' as const), path }),
);
type Deed = typeof deed extends fc.Arbitrary<infer Value> ? Value : never;

/** Contents by path, always with the exercise that makes it a course. */
type Tree = ReadonlyMap<string, string>;

const START: Tree = new Map([
  ...['top.txt', 'lib/z.txt', 'content/m/01_a/x.txt', 'content/m/01_a/y.txt', 'content/m/02_b/x.txt'].map(
    (name) => [name, lines(0, 9).replaceAll('line', name)] as const,
  ),
  ['data.bin', '\u0000base\n'],
]);

/** What a deed makes of a tree. `mark` is a line that is nowhere else. */
function done(tree: Tree, deed: Deed, mark: string): Tree {
  const next = new Map(tree);
  if (deed.kind === 'renumber')
    return new Map([...tree].map(([name, text]) => [name.replace('/01_a/', '/07_a/'), text]));
  const text = tree.get(deed.path);
  if (deed.kind === 'add') return tree.has(deed.path) ? tree : next.set(deed.path, `${mark}\n`);
  if (text === undefined) return tree;
  if (deed.kind === 'edit') return next.set(deed.path, edited(text, deed.line, mark));
  if (deed.kind === 'turn')
    return next.set(deed.path, /\r\n/.test(text) ? text.replaceAll('\r\n', '\n') : text.replaceAll('\n', '\r\n'));
  next.delete(deed.path);
  return deed.kind === 'rename' && !tree.has(deed.to) ? next.set(deed.to, text) : next;
}

function edited(text: string, line: number, mark: string): string {
  const all = text.split('\n');
  const at = Math.min(line, all.length - 1);
  return [...all.slice(0, at), /\r/.test(text) ? `${mark}\r` : mark, ...all.slice(at + 1)].join('\n');
}

function doneAll(tree: Tree, deeds: readonly Deed[], who: string): Tree {
  return deeds.reduce((now, deed, index) => done(now, deed, `${who}-${index}`), tree);
}

function release(tree: Tree): Files {
  return {
    'content/a/b/README.md': '# B\n',
    ...Object.fromEntries([...tree].map(([name, text]) => [name, Buffer.from(text, 'latin1')])),
  };
}

/** Does deeds in the student's folder, and commits those up to one of them. */
async function work(ana: Student, deeds: readonly Deed[], who: string, committed: number): Promise<void> {
  let tree = workOf(await treeAt(ana.folder));
  for (const [index, deed] of deeds.entries()) {
    const next = done(tree, deed, `${who}-${index}`);
    for (const name of tree.keys()) if (!next.has(name)) await ana.write({ [name]: null });
    for (const [name, text] of next)
      if (tree.get(name) !== text) await ana.write({ [name]: Buffer.from(text, 'latin1') });
    if (index === committed) ana.commit(`Work ${who}`);
    tree = next;
  }
}

/** What a student can do something to. */
function workOf(tree: Readonly<Record<string, string>>): Tree {
  const own = Object.entries(tree).filter(([name]) => !/^(?:course\.json|progy-lock\.json|content\/a\/b\/)/.test(name));
  return new Map(own.map(([name, text]) => [name, text.slice(2)]));
}

/** Lines that only the student has written. */
function marksIn(tree: Readonly<Record<string, string>>): Set<string> {
  return new Set(Object.values(tree).flatMap((text) => text.match(/student\d-\d+/g) ?? []));
}

const term = fc.record({
  authors: fc.tuple(fc.array(deed, { minLength: 1, maxLength: 6 }), fc.array(deed, { minLength: 1, maxLength: 6 })),
  students: fc.tuple(fc.array(deed, { maxLength: 6 }), fc.array(deed, { maxLength: 6 })),
  committed: fc.tuple(fc.nat(6), fc.nat(6)),
});

type Term = typeof term extends fc.Arbitrary<infer Value> ? Value : never;

/** Updates, goes back, forth, and once more; compares what must be the same. */
async function checkUpdate(ana: Student, state: () => Promise<{ tree: Record<string, string> }>): Promise<void> {
  const before = await state();
  await ana.update();
  const after = await treeAt(ana.folder);
  for (const mark of marksIn(before.tree)) assert(marksIn(after).has(mark), `${mark} is lost`);
  await ana.update({ undo: true });
  assert.deepEqual(await state(), before, 'undo goes back');
  await ana.update({ undo: true });
  assert.deepEqual(await treeAt(ana.folder), after, 'a second undo brings it back');
}

async function checkNothingToDo(ana: Student): Promise<void> {
  const solved = await treeAt(ana.folder);
  const again = await ana.update();
  assert('update' in again && again.update.state === 'up-to-date');
  assert.deepEqual(await treeAt(ana.folder), solved, 'a second update changes nothing');
}

for (const { git, runs } of [
  { git: true, runs: 8 },
  { git: false, runs: 20 },
]) {
  t.test(
    `no line is lost in any term, and every update is undone (${git ? 'with' : 'without'} a repository)`,
    async (t) => {
      const holds = async ({ authors, students, committed }: Term) => {
        const registry = await termRegistry(t, { version: '1.0.0', files: release(START) });
        const ana = await startAs(t, registry, { git });
        let course = START;
        for (const [index, deeds] of authors.entries()) {
          await work(ana, students[index] ?? [], `student${index}`, git ? (committed[index] ?? 0) : -1);
          course = doneAll(course, deeds, `author${index}`);
          await registry.publish({ version: `1.${index + 1}.0`, files: release(course) });
          await checkUpdate(ana, async () => (git ? stateOf(ana) : { tree: await treeAt(ana.folder) }));
          if (git) ana.commit('Solved');
          await checkNothingToDo(ana);
        }
        await registry.close();
      };
      await fc.assert(fc.asyncProperty(term, holds), { numRuns: runs });
    },
  );
}
