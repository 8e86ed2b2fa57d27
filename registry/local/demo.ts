// Owns `npm run demo`: the main job from nothing, on the real runtime, as a transcript.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalRegistry, startLocalRegistry } from './local-registry.ts';
import { SEED_PASSWORD } from './seed.ts';
import { type Step, scene, type } from './transcript.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COURSE = '@diego/rust-mastery';

interface Stage {
  folder: string;
  registry: LocalRegistry;
  env: NodeJS.ProcessEnv;
}

const folder = await mkdtemp(join(tmpdir(), 'progy-demo-'));
let registry: LocalRegistry | undefined;
try {
  console.log('Progy Registry: one course, from an instructor’s folder to a student’s repository.');
  console.log('Starting the Worker in workerd, with D1 and R2 on this disk …');
  registry = await startLocalRegistry({ port: 0, state: join(folder, 'state'), seed: false, vars: {} });
  console.log(`Progy registry ready at ${registry.url}`);
  await play({ folder, registry, env: await cleanEnvironment(folder, registry.url) });
} finally {
  await registry?.stop();
  await rm(folder, { recursive: true, force: true });
}

async function play(stage: Stage): Promise<void> {
  await publishAsInstructor(stage);
  await lookWithNpm(stage);
  await startAsStudent(stage);
  await installInClass(stage);
  await mendMistake(stage);
  scene('Done. The student owns the repository; the instructor owns the course; the registry keeps every byte.');
}

async function publishAsInstructor({ folder, registry, env }: Stage): Promise<void> {
  scene('1. Sunday night: Diego publishes');
  console.log(`$ export PROGY_REGISTRY=${registry.url}\n`);
  const cwd = join(folder, 'rust-mastery');
  await cp(join(ROOT, 'fixtures/courses/rust-mastery'), cwd, { recursive: true });
  const login = ['login', '--username', 'diego', '--password-stdin'];
  await type(progy(cwd, login, { stdin: SEED_PASSWORD }), env);
  await type(progy(cwd, ['publish', '--dry-run']), env);
  await type(progy(cwd, ['publish']), env);
  console.log('A published version never changes. Diego corrects a typo and forgets to raise the version:\n');
  await writeFile(join(cwd, 'README.md'), '# Rust Mastery, corrected\n');
  await type(progy(cwd, ['publish'], { exit: 1 }), env);
}

async function lookWithNpm({ folder, registry, env }: Stage): Promise<void> {
  scene('2. The same course is an npm package, for stock npm; and easy to find');
  await type(progy(folder, ['search', 'rust']), env);
  await type(progy(folder, ['info', COURSE]), env);
  await type(npm(folder, ['view', COURSE, '--registry', registry.url]), env);
  await type(npm(folder, ['view', `${COURSE}@1.0.0`, 'dist.progy', '--json', '--registry', registry.url]), env);
}

async function startAsStudent({ folder, env }: Stage): Promise<void> {
  scene('3. Monday morning: Ana starts the course');
  const cwd = join(folder, 'ana');
  await mkdir(cwd);
  await type(progy(cwd, ['init', COURSE]), env);
  const course = join(cwd, 'rust-mastery');
  await type(git(course, ['log', '--format=%h %an: %s']), env);
  await type(git(course, ['status', '--short', '--branch']), env);
  await type(git(course, ['ls-files'], 12), env);
}

async function installInClass({ folder, registry, env }: Stage): Promise<void> {
  scene('4. A class pins the course: every laptop gets the same bytes');
  const [first, second] = [join(folder, 'class'), join(folder, 'laptop-2')];
  await mkdir(first);
  await writeFile(join(first, 'package.json'), '{ "name": "class", "private": true }\n');
  await writeFile(join(first, '.npmrc'), `@diego:registry=${registry.url}/\nignore-scripts=true\nfund=false\n`);
  await type(npm(first, ['install', COURSE]), env);
  await cp(first, second, { recursive: true, filter: (path) => !path.includes('node_modules') });
  await type(npm(second, ['ci']), env);
  await type(
    {
      cwd: folder,
      typed: 'diff -r class/node_modules laptop-2/node_modules && echo identical',
      command: ['sh', '-c', 'diff -r class/node_modules laptop-2/node_modules && echo identical'],
    },
    env,
  );
}

async function mendMistake({ folder, registry, env }: Stage): Promise<void> {
  scene('5. Tuesday: an answer was wrong. Diego publishes with npm this time, and yanks what was wrong');
  const cwd = join(folder, 'rust-mastery');
  await raiseVersion(cwd, '1.0.1');
  // The .npmrc in Diego's home contains the token from progy login.
  await type(npm(cwd, ['publish', '--loglevel=warn', '--registry', registry.url]), env);
  await type(progy(cwd, ['yank', `${COURSE}@1.0.0`, '--reason', 'the answer to exercise 2 was wrong']), env);
  await type(npm(folder, ['dist-tag', 'ls', COURSE, '--registry', registry.url]), env);
  console.log('The class’s lockfile still installs the very same bytes, and its next laptop hears why to move on:\n');
  const laptop = join(folder, 'laptop-3');
  await cp(join(folder, 'class'), laptop, { recursive: true, filter: (path) => !path.includes('node_modules') });
  // npm's cache is per person; this laptop has its own.
  await type(npm(laptop, ['ci']), { ...env, npm_config_cache: join(folder, 'laptop-3-cache') });
  await type(progy(cwd, ['audit-log', COURSE]), env);
}

/** npm needs a package.json, which is one more file of the course. */
async function raiseVersion(cwd: string, version: string): Promise<void> {
  const courseJson = join(cwd, 'course.json');
  const course = { ...JSON.parse(await readFile(courseJson, 'utf8')), version };
  await writeFile(courseJson, `${JSON.stringify(course, null, 2)}\n`);
  await writeFile(join(cwd, 'package.json'), `${JSON.stringify({ name: course.name, version }, null, 2)}\n`);
}

function progy(cwd: string, args: string[], more: Partial<Step> = {}): Step {
  return {
    cwd,
    typed: ['progy', ...args.map(quoted)].join(' '),
    command: [process.execPath, join(ROOT, 'cli/progy.js'), ...args],
    ...more,
  };
}

/** Quoted for a shell. */
function quoted(argument: string): string {
  return argument.includes(' ') ? `"${argument}"` : argument;
}

function npm(cwd: string, args: string[]): Step {
  return { cwd, typed: `npm ${args.join(' ')}`, command: ['npm', ...args] };
}

function git(cwd: string, args: string[], lines?: number): Step {
  return { cwd, typed: `git ${args.join(' ')}`, command: ['git', ...args], lines };
}

/** An environment as on a fresh machine: without this machine's settings and the variables of `npm run`. */
async function cleanEnvironment(folder: string, registry: string): Promise<NodeJS.ProcessEnv> {
  const home = join(folder, 'home');
  await mkdir(home);
  await writeFile(join(home, '.gitconfig'), '[user]\n\tname = Ana\n\temail = ana@example.com\n');
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|Path|LANG|TERM|SystemRoot|TEMP|TMP|TMPDIR)$/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    PROGY_REGISTRY: registry,
    NO_COLOR: '1',
    NO_UPDATE_NOTIFIER: '1',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}
