import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import t from 'tap';

const ROOT = new URL('../../', import.meta.url);

/** What may not import what. Paths start at the root of the repository; a package keeps its own name. */
const RULES: [title: string, from: RegExp, to: RegExp][] = [
  ['the registry never imports the CLI', /^registry\//, /^cli\//],
  ['the CLI never imports the registry', /^cli\//, /^registry\//],
  ['the protocol imports neither', /^protocol\//, /^(registry|cli)\//],
  ['fixtures import nothing of ours', /^fixtures\//, /^(registry|cli|protocol)\//],
  [
    'what runs in production imports no fixtures',
    /^(registry|cli|protocol)\/(?!test\/|bench\/|local\/)/,
    /^fixtures\//,
  ],
  ['only tests import tests', /^(registry|cli|protocol|fixtures)\/(?!test\/)/, /^(registry|cli|protocol)\/test\//],
  ['the protocol names Node in one file', /^protocol\/(?!test\/|bytes\/node-platform\.ts$)/, /^node:/],
  ['routes and pages know no database and no storage', /^registry\/(routes|web)\//, /^registry\/(database|storage)\//],
  [
    'middleware knows no routes and no storage',
    /^registry\/middleware\//,
    /^registry\/(routes|storage|app\.ts|worker\.ts)/,
  ],
  [
    'the domain knows nothing of HTTP',
    /^registry\/domain\//,
    /^(registry\/(routes|web|middleware|app\.ts|worker\.ts)|hono$)/,
  ],
  [
    'the database knows nothing above it',
    /^registry\/database\//,
    /^registry\/(routes|web|middleware|domain|storage|app\.ts|worker\.ts)/,
  ],
  [
    'the storage knows nothing above it',
    /^registry\/storage\//,
    /^registry\/(routes|web|middleware|domain|database|app\.ts|worker\.ts)/,
  ],
];

/** What each source file imports, tracked by git or new. */
const imports = sourceFiles().flatMap((file) =>
  importedBy(readFileSync(new URL(file, ROOT), 'utf8')).map((specifier) => ({ file, to: resolve(file, specifier) })),
);

function sourceFiles(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const deleted = execFileSync('git', ['ls-files', '--deleted'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  return listed.filter((file) => !deleted.includes(file) && !file.startsWith('fixtures/courses/'));
}

/** The specifiers of static, dynamic and side-effect imports, and of re-exports. */
function importedBy(source: string): string[] {
  return [...source.matchAll(/(?:^|[\s;}])(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map((match) => match[1] ?? '');
}

function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  return specifier.replace(/^@progy\/(protocol|registry|cli)\b/, '$1');
}

t.test('every kind of import is seen', async (t) => {
  const source = [
    "import a from './a.ts';",
    "import {\n  b,\n} from './b.ts';",
    "import type { C } from './c.ts';",
    "export * from './d.ts';",
    "import './e.ts';",
    "const f = await import('./f.ts');",
  ].join('\n');
  t.same(importedBy(source), ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts']);
  t.equal(
    resolve('registry/routes/npm/read/tarball.ts', '../../../storage/artifacts.ts'),
    'registry/storage/artifacts.ts',
  );
  t.equal(resolve('cli/pack.ts', '@progy/protocol/course/course.ts'), 'protocol/course/course.ts');
});

for (const [title, from, to] of RULES) {
  t.test(title, async (t) => {
    const watched = imports.filter(({ file }) => from.test(file));
    t.ok(watched.length > 0, `${watched.length} imports are watched`);
    const broken = watched.filter((arrow) => to.test(arrow.to));
    t.same(
      broken.map((arrow) => `${arrow.file} -> ${arrow.to}`),
      [],
    );
  });
}
