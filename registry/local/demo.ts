// Owns `npm run demo`: the main job from nothing, on the real runtime, as a transcript.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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
  scene('2. The same course is an npm package, for stock npm');
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

function progy(cwd: string, args: string[], more: Partial<Step> = {}): Step {
  return {
    cwd,
    typed: `progy ${args.join(' ')}`,
    command: [process.execPath, join(ROOT, 'cli/progy.js'), ...args],
    ...more,
  };
}

function npm(cwd: string, args: string[]): Step {
  return { cwd, typed: `npm ${args.join(' ')}`, command: ['npm', ...args] };
}

function git(cwd: string, args: string[], lines?: number): Step {
  return { cwd, typed: `git ${args.join(' ')}`, command: ['git', ...args], lines };
}

/** An environment as on a fresh machine: no settings of this one, nothing that `npm run` passes on. */
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
