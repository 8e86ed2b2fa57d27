// The programs that a runner starts for an exercise, without starting them.
import { resolve } from 'node:path';
import { parseCourse } from '@progy/protocol/course/course.ts';
import t from 'tap';
import { runnersOf } from '../../runners/course-runners.ts';
import { planRun } from '../../runners/plan.ts';
import { shownStep } from '../../runners/step.ts';

const FOLDER = '/home/ana/my "rust", 🦀';

function planFor(runner: object, more: object = {}) {
  const course = parseCourse(Buffer.from(JSON.stringify({ name: '@diego/rust', version: '1.0.0', runner })));
  const [found] = runnersOf(course);
  if (found === undefined) throw new Error('no runner');
  const exercise = {
    path: 'content/01_a/02_b c',
    id: '01_a/02_b c',
    module: '01_a',
    file: 'content/01_a/02_b c/main.rs',
  };
  return planRun({ runner: found, course, folder: FOLDER, ...exercise, ...more });
}

t.test('placeholders are filled in everywhere, and stay one word', async (t) => {
  const words = '{{exercise}} {{id}} {{module}} {{dir}} {{file}} x={{module}}{{module}} {{other}}';
  const { before, test, after } = planFor({ command: `node ${words}`, cwd: '{{exercise}}', env: { E: '{{id}}' } });
  t.same([before, after], [[], []]);
  t.same(test, {
    words: [
      'node',
      'content/01_a/02_b c',
      '01_a/02_b c',
      '01_a',
      `${FOLDER}/content/01_a/02_b c`,
      `${FOLDER}/content/01_a/02_b c/main.rs`,
      'x=01_a01_a',
      '{{other}}',
    ],
    cwd: `${FOLDER}/content/01_a/02_b c`,
    env: { E: '01_a/02_b c' },
  });
});

t.test('what stands in a path is not filled in again', async (t) => {
  const { test } = planFor({ command: 'node {{id}}' }, { id: '{{dir}}/$&' });
  t.same(test.words, ['node', '{{dir}}/$&']);
});

t.test('a program with a folder in its name is the course’s, whatever its cwd', async (t) => {
  t.equal(planFor({ command: './runner/check.sh', cwd: 'content' }).test.words[0], `${FOLDER}/runner/check.sh`);
  t.equal(planFor({ command: 'runner/check.sh' }).test.words[0], `${FOLDER}/runner/check.sh`);
  t.equal(planFor({ command: '/usr/bin/node' }).test.words[0], '/usr/bin/node');
  t.equal(planFor({ command: 'node' }).test.words[0], 'node');
});

t.test('a command line is shown as one would type it', async (t) => {
  const shown = (runner: object) => shownStep(planFor(runner).test, FOLDER);
  t.equal(shown({ command: './run.sh {{exercise}}', env: { A: 'b c' } }), 'A="b c" ./run.sh "content/01_a/02_b c"');
  t.equal(shown({ command: 'node x', cwd: 'content' }), 'node x   (in content)');
});

t.test('nothing leaves the course, and nothing is empty', async (t) => {
  for (const cwd of ['..', '/etc', 'content/../..'])
    t.throws(
      () => planFor({ command: 'x', cwd }),
      { code: 'RUNNER_INVALID', message: /is not inside the course/ },
      cwd,
    );
  t.throws(() => planFor({ command: '  ' }), { code: 'RUNNER_INVALID' });
  t.throws(() => planFor({ command: 'x {{file}}' }, { file: undefined }), { message: /no file to edit/ });
});

t.test('a Dockerfile is built, and the tests run in a container without a network', async (t) => {
  const { before, test, after } = planFor({ type: 'docker-local', command: 'cargo test {{dir}}', cwd: '.' });
  const image = before[0]?.words[3] ?? '';
  t.match(image, /^progy-diego-rust-[0-9a-f]{8}-default$/);
  t.same(
    before.map(({ words }) => words),
    [['docker', 'build', '--tag', image, '--file', 'Dockerfile', '.']],
  );
  const container = test.words[5] ?? '';
  t.same(test.words, [
    ...['docker', 'run', '--rm', '--init', '--name', container, '--network', 'none'],
    ...['--cpus', '2', '--memory', '2g', '--pids-limit', '512'],
    ...['--mount', `type=bind,"source=/home/ana/my ""rust"", 🦀",target=/workspace`, '--workdir', '/workspace'],
    ...[image, 'cargo', 'test', '/workspace/content/01_a/02_b c'],
  ]);
  t.same(
    after.map(({ words }) => words),
    [['docker', 'rm', '--force', container]],
  );
  t.equal(test.cwd, resolve(FOLDER));
});

t.test('an image that exists is not built; a network is given when the course asks', async (t) => {
  const given = planFor({ type: 'docker-file', image: 'rust:1', command: 'x', network_access: true, env: { A: 'b' } });
  t.same(given.before, []);
  t.same(given.test.words.slice(6, 8), ['--network', 'bridge']);
  t.same(given.test.words.slice(-4), ['--env', 'A=b', 'rust:1', 'x']);
  t.equal(planFor({ type: 'docker-file', image_tag: 'mine', command: 'x' }).before[0]?.words[3], 'mine');
});

t.test('services are started for the one that tests, and taken down', async (t) => {
  const compose = { type: 'docker-compose', compose_file: 'c.yml', service_to_run: 'tester' };
  const { test, after } = planFor({ ...compose, command: 'python3 /app/runner.py {{exercise}}' });
  const project = test.words[3] ?? '';
  t.match(project, /^progy-diego-rust-[0-9a-f]{8}$/);
  t.same(test.words, [
    ...['docker', 'compose', '--project-name', project, '--file', 'c.yml', 'run', '--rm', '--no-TTY'],
    ...['--volume', `${FOLDER}:/workspace`, 'tester', 'python3', '/app/runner.py', 'content/01_a/02_b c'],
  ]);
  t.same(after[0]?.words.slice(-3), ['down', '--timeout', '1']);
});
