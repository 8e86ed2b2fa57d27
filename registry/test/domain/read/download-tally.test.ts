// Adding up downloads: nothing is lost or counted twice between two writes, and the number waiting is bounded.
import fc from 'fast-check';
import t from 'tap';
import { DownloadTally, WRITTEN_AFTER_MS } from '../../../domain/read/download-tally.ts';

const START = Date.UTC(2026, 10, 24, 12);
const at = (ms: number) => new Date(START + ms);
const DAY_MS = 86_400_000;

t.test('the first download of a second is who promises to write, the others rely on it', async (t) => {
  const tally = new DownloadTally();
  t.equal(tally.add('rust', 'rust-1', at(0)), 'write soon');
  t.equal(tally.add('rust', 'rust-1', at(1)), 'nothing');
  t.equal(tally.add('go', 'go-1', at(WRITTEN_AFTER_MS)), 'nothing');
  t.same(tally.take(), [
    { packageId: 'rust', versionId: 'rust-1', day: at(-DAY_MS / 2), count: 2 },
    { packageId: 'go', versionId: 'go-1', day: at(-DAY_MS / 2), count: 1 },
  ]);
  t.same(tally.take(), []);
  t.equal(tally.add('rust', 'rust-1', at(WRITTEN_AFTER_MS)), 'write soon');
});

t.test('a promise that nobody keeps, or that lies in the future of a clock set back, is made again', async (t) => {
  for (const ms of [10_000, -10_000]) {
    const tally = new DownloadTally();
    tally.add('rust', 'rust-1', at(0));
    t.equal(tally.add('rust', 'rust-1', at(ms - Math.sign(ms))), 'nothing');
    t.equal(tally.add('rust', 'rust-1', at(ms)), 'write soon');
    t.equal(tally.take()[0]?.count, 3);
  }
});

t.test('a thousand versions wait at most', async (t) => {
  const tally = new DownloadTally();
  const steps = Array.from({ length: 1_000 }, (_, n) => tally.add('course', `${n}`, at(0)));
  t.same(new Set(steps.slice(1, -1)), new Set(['nothing']));
  t.equal(steps.at(-1), 'write now');
  t.equal(tally.take().length, 1_000);
});

t.test('whatever comes in whatever order, each download is handed over once, on its day', async (t) => {
  const download = fc.record({ version: fc.nat(5), day: fc.nat(2), writes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(download), (downloads) => {
      const tally = new DownloadTally();
      const [added, written] = [new Map<string, number>(), new Map<string, number>()];
      const count = (to: Map<string, number>, key: string, n: number) => to.set(key, (to.get(key) ?? 0) + n);
      const write = () => {
        for (const { versionId, day, count: n } of tally.take()) count(written, `${versionId} ${day.getTime()}`, n);
      };
      for (const { version, day, writes } of downloads) {
        tally.add('course', `${version}`, at(day * DAY_MS));
        count(added, `${version} ${at(day * DAY_MS - DAY_MS / 2).getTime()}`, 1);
        if (writes) write();
      }
      write();
      return JSON.stringify([...added].sort()) === JSON.stringify([...written].sort());
    }),
  );
  t.pass();
});
