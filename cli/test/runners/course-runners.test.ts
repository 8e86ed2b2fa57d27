// Every form of runner in a course.json, and those that cannot be used.
import { parseCourse } from '@progy/protocol/course/course.ts';
import t from 'tap';
import { chooseRunner, runnersOf } from '../../runners/course-runners.ts';

const courseWith = (fields: object) =>
  parseCourse(Buffer.from(JSON.stringify({ name: '@diego/rust', version: '1.0.0', ...fields })));

const runner = (value: unknown) => runnersOf(courseWith({ runner: value }))[0];

t.test('a command as text, as a list, with arguments, or alone', async (t) => {
  const table: [written: unknown, words: string[]][] = [
    ['node check.js {{exercise}}', ['node', 'check.js', '{{exercise}}']],
    [{ command: 'node check.js' }, ['node', 'check.js']],
    [{ command: 'node', args: ['check.js', 'a b'] }, ['node', 'check.js', 'a b']],
    [{ command: ['node', 'a b'] }, ['node', 'a b']],
    [{ command: 'cargo run --', args: ['{{exercise}}'] }, ['cargo', 'run', '--', '{{exercise}}']],
  ];
  for (const [written, words] of table) t.match(runner(written), { type: 'process', words, cwd: '.' });
});

t.test('types, and the names that courses have for their fields', async (t) => {
  t.match(runner({ type: 'docker-local', command: 'x', image_tag: 'img', network_access: true }), {
    type: 'docker-file',
    imageTag: 'img',
    hasNetwork: true,
  });
  t.match(runner({ type: 'docker-compose', command: 'x', compose_file: 'c.yml', service_to_run: 's' }), {
    composeFile: 'c.yml',
    service: 's',
  });
  t.match(runner({ command: 'x', env: { A: 1, B: 'b', C: true }, timeout: 5 }), {
    env: { A: '1', B: 'b', C: 'true' },
    timeoutSeconds: 5,
  });
});

t.test('the first runner is used unless one is named', async (t) => {
  const runners = runnersOf(courseWith({ runners: [{ id: 'a', command: 'a' }, 'b'], runner: 'c' }));
  t.same(
    runners.map(({ id }) => id),
    ['a', '2', '3'],
  );
  t.equal(chooseRunner(runners, undefined)?.id, 'a');
  t.equal(chooseRunner(runners, '2')?.id, '2');
  t.throws(() => chooseRunner(runners, 'z'), {
    code: 'RUNNER_NOT_FOUND',
    message: 'The course has no runner "z". Its runners: a, 2, 3',
    next: 'Use one that it has: progy test --runner a',
  });
  t.equal(chooseRunner(runnersOf(courseWith({})), undefined), undefined);
});

t.test('what cannot be used names its place', async (t) => {
  const table: [fields: object, place: string][] = [
    [{ runner: {} }, 'runner.command'],
    [{ runner: 7 }, 'runner:'],
    [{ runners: [{ command: 'x' }, { command: '' }] }, 'runners.1.command'],
    [{ runner: { command: 'x', type: 'vm' } }, 'runner.type'],
    [{ runner: { command: 'x', args: [1] } }, 'runner.args.0'],
    [{ runner: { command: 'x', timeout: 1e9 } }, 'runner.timeout'],
    [{ runner: { command: 'x', env: { 'A=B': 'c' } } }, 'runner.env.A=B'],
    [{ runner: { command: 'x', image: '--privileged' } }, 'runner.image'],
    [{ runner: { command: 'x'.repeat(5_000) } }, 'runner.command'],
  ];
  for (const [fields, place] of table)
    t.throws(() => runnersOf(courseWith(fields)), { code: 'RUNNER_INVALID', message: `course.json: ${place}` }, place);
});
