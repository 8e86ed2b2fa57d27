// The room that uploads share in an isolate: who gets it, who waits for it, and who loses it.
import t from 'tap';
import { type Room, UploadBudget } from '../../../domain/publish/upload-budget.ts';

const BUSY = { code: 'UNAVAILABLE', evidence: { retryAfter: 5 } };
const MINUTE = 60_000;

/** A budget of 100 bytes, and its clock. */
function budgetOf100() {
  const clock = { now: 0 };
  return { clock, budget: new UploadBudget(() => clock.now, 100) };
}

async function* twoPieces() {
  yield Uint8Array.of(1);
  yield Uint8Array.of(2);
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let pieces = 0;
  for await (const _ of stream) pieces++;
  return pieces;
}

t.test('twenty uploads that each want half of it are two at a time, in the order in which they came', async (t) => {
  const { budget } = budgetOf100();
  const served: number[] = [];
  const upload = async (i: number) => {
    const room = await budget.room(50);
    served.push(i);
    t.ok(budget.bytes <= 100, `${budget.bytes} bytes`);
    await drain(room.watch(twoPieces()));
    room.end();
  };
  const order = Array.from({ length: 20 }, (_, i) => i);
  await Promise.all(order.map(upload));
  t.same(served, order);
  t.equal(budget.peakBytes, 100);
  t.equal(budget.bytes, 0, 'all of it is given back');
});

t.test('a large upload is not passed by small ones that would fit', async (t) => {
  const { budget } = budgetOf100();
  const first = await budget.room(60);
  const order: string[] = [];
  const enter = async (title: string, bytes: number) => {
    await budget.room(bytes);
    order.push(title);
  };
  const both = [enter('large', 80), enter('small', 10)];
  first.end();
  await Promise.all(both);
  t.same(order, ['large', 'small']);
});

t.test('who waits too long is told to come back', async (t) => {
  const { budget, clock } = budgetOf100();
  const room = await budget.room(100);
  const waiting = budget.room(1);
  clock.now += 26_000;
  await t.rejects(waiting, BUSY);
  room.end();
  t.ok(await budget.room(100), 'and holds up nobody');
});

t.test('an upload that holds more than expected takes it at once, or fails', async (t) => {
  const { budget } = budgetOf100();
  const [one, two] = [await budget.room(40), await budget.room(40)];
  one.take(60);
  one.take(10);
  t.equal(budget.bytes, 100);
  t.throws(() => two.take(41), BUSY);
  one.end();
  two.take(100);
  t.equal(budget.peakBytes, 100);
});

t.test('an upload larger than all of it gets all of it', async (t) => {
  const { budget } = budgetOf100();
  t.equal((await budget.room(1_000)).bytes, 100);
});

t.test('room that was never given back is lost only until others need it', async (t) => {
  const { budget, clock } = budgetOf100();
  const room: Room = await budget.room(100);
  clock.now += MINUTE;
  t.equal(await drain(room.watch(twoPieces())), 2, 'nobody needs it');
  t.equal((await budget.room(30)).bytes, 30);
  t.equal(budget.bytes, 30);
  await t.rejects(drain(room.watch(twoPieces())), { ...BUSY, message: /too slow/ });
});
