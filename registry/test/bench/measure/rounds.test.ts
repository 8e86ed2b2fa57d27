// Measuring in rounds: who takes a turn when, and what counts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import type { Results } from '../../../bench/measure/results.ts';
import { measurePublishes, measureReads } from '../../../bench/measure/rounds.ts';
import type { Reading, Target, TargetName } from '../../../bench/targets/target.ts';
import type { PublishScenario, ReadScenario } from '../../../bench/work/scenarios.ts';

const READ: ReadScenario = { name: 'read', title: 'a read', want: 'full', package: '@diego/one', connections: 1 };
const PUBLISH: PublishScenario = {
  name: 'publish',
  title: 'a publish',
  door: 'npm',
  package: '@diego/one',
  bytes: 0,
  times: 2,
};

/** A target that answers as it is told and notes that it was asked. */
async function openTarget(t: Test, name: TargetName, asked: string[], reading?: Partial<Reading>): Promise<Target> {
  const server = createServer((request, response) => {
    asked.push(name);
    request.resume().once('end', () => response.end(name));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    name,
    url,
    version: '',
    seed: async () => undefined,
    read: async () => (reading ? { method: 'GET', path: '/', headers: {}, status: 200, ...reading } : undefined),
    publish: async (_, { version }) => ({ method: 'PUT', path: `/${version}`, headers: {}, body: Buffer.from('body') }),
    stop: async () => undefined,
  };
}

t.test('publishes take turns, each time beginning with another target', async (t) => {
  const asked: string[] = [];
  const targets = [await openTarget(t, 'ours', asked), await openTarget(t, 'floor', asked)];
  const results: Results = new Map();
  await measurePublishes(results, targets, [PUBLISH], 1);
  const [warmUp, round] = [asked.slice(0, 4), asked.slice(4)];
  t.same(warmUp, ['ours', 'floor', 'floor', 'ours']);
  t.same(round, ['floor', 'ours', 'ours', 'floor']);
  t.match(results.get('publish')?.get('ours')?.time, [Number], 'one number for the round; the warm-up has none');
});

t.test('every target is loaded once a round; one that offers nothing is left out', async (t) => {
  const asked: string[] = [];
  const targets = [
    await openTarget(t, 'ours', asked, {}),
    await openTarget(t, 'bare', asked, {}),
    await openTarget(t, 'pnpr', asked),
  ];
  const results: Results = new Map();
  await measureReads(results, targets, [READ], { rounds: 3, seconds: 0.01 });
  const measured = results.get('read');
  t.same([...(measured?.keys() ?? [])].sort(), ['bare', 'ours']);
  t.equal(measured?.get('ours')?.rate.length, 3);
  t.equal(measured?.get('bare')?.bytes, 'bare'.length);
  t.notOk(asked.includes('pnpr'));
});

t.test('an answer with another status is no measurement', async (t) => {
  const ours = await openTarget(t, 'ours', [], { status: 304 });
  await t.rejects(measureReads(new Map(), [ours], [READ], { rounds: 1, seconds: 0.01 }), {
    message: 'ours: a read answers 200',
  });
});
