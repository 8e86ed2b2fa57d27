import { readFileSync } from 'node:fs';
import t from 'tap';
import { importedBy, importsOf, resolve, sourceFiles } from './helpers/imports.ts';

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
  [
    'only tests and benches import tests',
    /^(registry|cli|protocol|fixtures)\/(?!test\/|bench\/)/,
    /^(registry|cli|protocol)\/test\//,
  ],
  ['the protocol names Node in one file', /^protocol\/(?!test\/|bytes\/node-platform\.ts$)/, /^node:/],
  [
    'what speaks HTTP knows no database and no storage',
    /^registry\/(routes|web|http|middleware)\//,
    /^registry\/(database|storage)\//,
  ],
  ['middleware knows no routes', /^registry\/middleware\//, /^registry\/(routes|app\.ts|worker\.ts)/],
  [
    'what routes share knows no routes and no middleware',
    /^registry\/http\//,
    /^registry\/(routes|middleware|app\.ts|worker\.ts)/,
  ],
  [
    'the domain knows nothing of HTTP',
    /^registry\/domain\//,
    /^(registry\/(routes|web|http|middleware|app\.ts|app-env\.ts|worker\.ts|env\.ts)|hono$)/,
  ],
  [
    'the database knows nothing above it',
    /^registry\/database\//,
    /^registry\/(routes|web|http|middleware|domain|storage|context\.ts|app\.ts|app-env\.ts|worker\.ts|env\.ts)/,
  ],
  [
    'the storage knows nothing above it',
    /^registry\/storage\//,
    /^registry\/(routes|web|http|middleware|domain|database|context\.ts|app\.ts|app-env\.ts|worker\.ts|env\.ts)/,
  ],
];

/** Members of the environment: bindings, vars and secrets. */
const BINDINGS = [
  ...readFileSync(new URL('registry/env.ts', ROOT), 'utf8').matchAll(/^ {2}([A-Z][A-Z0-9_]+)\??:/gm),
].map(([, name = '']) => name);

/** Names in code that only some rooms may know. */
const NAMES: [title: string, outside: RegExp, names: RegExp][] = [
  [
    'only the border sees the environment',
    /^registry\/(?!(context|env|worker|app-env|middleware\/context)\.ts$|test\/|bench\/|local\/)/,
    new RegExp(String.raw`\benv\b|\bEnv\b|\bRateLimit\b|(?:\.|[{,]\s*)(?:${BINDINGS.join('|')})\b`, 'g'),
  ],
  ['only the database knows D1', /^registry\/(?!env\.ts$|database\/|test\/|bench\/|local\/)/, /\bD1[A-Z]\w*/g],
  ['only the storage knows R2', /^registry\/(?!env\.ts$|storage\/|test\/|bench\/|local\/)/, /\bR2[A-Z]\w*/g],
  [
    'what is below the routes knows no requests, no answers and no headers',
    /^registry\/(domain|database|storage)\//,
    /\b(?:Headers|Request|Response|[cC]ookies?|getSetCookie|returnHeaders|executionCtx|waitUntil)\b/g,
  ],
  [
    'only the border reads the clock',
    /^registry\/(?!(context|worker)\.ts$|test\/|bench\/|local\/)/,
    /\bnew Date\(\s*\)|\bDate\.now\b/g,
  ],
];

/** All source files, tracked by git or new, and what each imports. */
const sources = sourceFiles().map((file) => ({ file, source: readFileSync(new URL(file, ROOT), 'utf8') }));
const imports = importsOf(sources.map(({ file }) => file));

/** A source without its comments and quoted strings: prose may name what code may not. */
function codeOf(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''");
}

/** The rules about names that a file breaks, each with what stands there. */
function namesIn(file: string, source: string): string[] {
  const code = codeOf(source);
  return NAMES.filter(([, outside]) => outside.test(file)).flatMap(([title, , names]) =>
    [...code.matchAll(names)].map(([name]) => `${title}: ${name}`),
  );
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

t.test('names in code are seen, and those in prose are not', async (t) => {
  const border = 'only the border sees the environment';
  const http = 'what is below the routes knows no requests, no answers and no headers';
  const clock = 'only the border reads the clock';
  const planted: [file: string, source: string, found: string[]][] = [
    ['registry/domain/read/read-artifact.ts', 'await env.R2.get(key);', [`${border}: env`, `${border}: .R2`]],
    ['registry/domain/read/read-artifact.ts', 'const { DB } = bindings;', [`${border}: { DB`]],
    ['registry/domain/read/search.ts', 'function f(limit: RateLimit) {}', [`${border}: RateLimit`]],
    ['registry/domain/read/search.ts', 'context.SEARCH_LIMIT.limit()', [`${border}: .SEARCH_LIMIT`]],
    ['registry/domain/sweep/sweep.ts', "import type { Env } from '../env.ts';", [`${border}: Env`]],
    ['registry/domain/sweep/sweep.ts', 'let db: D1Database;', ['only the database knows D1: D1Database']],
    ['registry/domain/sweep/sweep.ts', 'let r: R2ObjectBody;', ['only the storage knows R2: R2ObjectBody']],
    ['registry/routes/npm/read/keys.ts', 'listKeys(c.env)', [`${border}: env`]],
    ['registry/domain/accounts/tokens.ts', 'function f(headers: Headers) {}', [`${http}: Headers`]],
    [
      'registry/domain/accounts/tokens.ts',
      'new Response(); let r: Request;',
      [`${http}: Response`, `${http}: Request`],
    ],
    ['registry/database/packages.ts', 'const cookie = 1;', [`${http}: cookie`]],
    ['registry/storage/artifacts.ts', 'bindings.PUBLIC_ORIGIN', [`${border}: .PUBLIC_ORIGIN`]],
    ['registry/domain/people/owners.ts', 'const now = new Date();', [`${clock}: new Date()`]],
    ['registry/database/packages.ts', 'const now = Date.now();', [`${clock}: Date.now`]],
    ['registry/routes/npm/read/search.ts', 'f(new Date( ))', [`${clock}: new Date( )`]],
    ['registry/domain/people/owners.ts', "// env.R2 of a Request\n/* new Date() */ say('the Response of R2');", []],
    ['registry/domain/people/owners.ts', 'new Date(0); let environment: RequestContext;', []],
    ['registry/context.ts', 'openDatabase(env.DB); new Date();', []],
    ['registry/middleware/context.ts', 'contextOf(c.env)', []],
    ['registry/http/authenticate.ts', 'function f(headers: Headers) {}', []],
    ['registry/database/database.ts', 'let db: D1Database;', []],
    ['registry/storage/artifacts.ts', 'let bucket: R2Bucket;', []],
  ];
  for (const [file, source, found] of planted) t.same(namesIn(file, source), found, `${file}: ${source}`);
});

for (const [title, outside] of NAMES) {
  t.test(title, async (t) => {
    const watched = sources.filter(({ file }) => outside.test(file));
    t.ok(watched.length > 0, `${watched.length} files are watched`);
    const broken = watched.flatMap(({ file, source }) => namesIn(file, source).map((found) => `${file}: ${found}`));
    t.same(
      broken.filter((found) => found.includes(`: ${title}: `)),
      [],
    );
  });
}
