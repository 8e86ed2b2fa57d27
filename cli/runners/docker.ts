// Owns running an exercise in a container: the docker commands for a runner, and whether Docker is there.
import { createHash, randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { PackageName } from '@progy/protocol/course/package-name.ts';
import type { Runner } from './course-runners.ts';
import type { Places } from './placeholders.ts';
import type { Step } from './step.ts';

/** Where a container sees the course, as the first Progy mounted it. */
const WORKSPACE = '/workspace';
const DEFAULT_SERVICE = 'app';
/** What one exercise may use of the computer. */
const LIMITS = ['--cpus', '2', '--memory', '2g', '--pids-limit', '512'];

type Words = Step['words'];

interface DockerSteps {
  readonly before: readonly Words[];
  readonly test: Words;
  readonly after: readonly Words[];
}

/** Where a runner in a container finds an exercise. */
export function containerPlaces({
  path,
  id,
  module,
  file,
}: {
  path: string;
  id: string;
  module: string;
  file: string | undefined;
}): Places {
  const inside = (place: string) => posix.join(WORKSPACE, place);
  return { exercise: path, id, module, dir: inside(path), file: file === undefined ? undefined : inside(file) };
}

/** @param runner with its placeholders filled in. */
export function dockerSteps(runner: Runner, name: PackageName, folder: string): DockerSteps {
  return runner.type === 'docker-compose' ? composeSteps(runner, name, folder) : imageSteps(runner, name, folder);
}

/** Builds the image, from Docker's cache after the first time, and runs one container of it without a network. */
function imageSteps(runner: Runner, name: PackageName, folder: string): DockerSteps {
  const container = `progy-${randomUUID()}`;
  const image = runner.image ?? runner.imageTag ?? `${nameFor(name, folder)}-${plain(runner.id)}`;
  const isBuilt = runner.image === undefined || runner.dockerfile !== undefined;
  const build: Words = ['docker', 'build', '--tag', image, '--file', runner.dockerfile ?? 'Dockerfile', '.'];
  const run: Words = [
    ...(['docker', 'run', '--rm', '--init', '--name', container] as const),
    ...['--network', runner.hasNetwork ? 'bridge' : 'none', ...LIMITS],
    ...['--mount', mountOf(folder), '--workdir', posix.join(WORKSPACE, runner.cwd)],
    ...variables(runner.env),
    image,
    ...runner.words,
  ];
  return { before: isBuilt ? [build] : [], test: run, after: [['docker', 'rm', '--force', container]] };
}

/** Starts the services that the one to run needs, runs it, and takes all down. */
function composeSteps(runner: Runner, name: PackageName, folder: string): DockerSteps {
  const file = runner.composeFile ?? 'docker-compose.yml';
  const project = ['compose', '--project-name', nameFor(name, folder), '--file', file];
  const run: Words = [
    ...(['docker', ...project, 'run', '--rm', '--no-TTY'] as const),
    ...['--volume', `${folder}:${WORKSPACE}`, ...variables(runner.env)],
    runner.service ?? DEFAULT_SERVICE,
    ...runner.words,
  ];
  return { before: [], test: run, after: [['docker', ...project, 'down', '--timeout', '1']] };
}

function variables(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
}

/** In the form of `--mount`, which takes fields as CSV does: a path may hold a comma or a quote. */
function mountOf(folder: string): string {
  const source = `source=${folder}`;
  return `type=bind,${/[",]/.test(source) ? `"${source.replaceAll('"', '""')}"` : source},target=${WORKSPACE}`;
}

/** Two copies of a course do not share containers. */
function nameFor({ scope, slug }: PackageName, folder: string): string {
  const copy = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  return `progy-${plain(`${scope}-${slug}`)}-${copy}`;
}

/** Letters and digits with single dashes between them. */
function plain(text: string): string {
  return (
    text
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join('-') ?? 'x'
  );
}
