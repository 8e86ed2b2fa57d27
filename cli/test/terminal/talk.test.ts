import { Writable } from 'node:stream';
import t from 'tap';
import type { Report } from '../../terminal/progress.ts';
import { createTalk } from '../../terminal/talk.ts';

class Screen extends Writable {
  readonly isTTY: boolean;
  readonly columns = 60;
  text = '';

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

const silentPlaces = {
  'a pipe': { isTTY: false, env: {}, json: false },
  CI: { isTTY: true, env: { CI: 'true' }, json: false },
  '--json': { isTTY: true, env: {}, json: true },
};
for (const [place, { isTTY, env, json }] of Object.entries(silentPlaces)) {
  t.test(`${place} gets warnings and what must be done only, and is asked nothing`, async (t) => {
    const stderr = new Screen(isTTY);
    const talk = createTalk({ stdin: { isTTY: true }, stderr, env, json });
    talk.note('a note');
    const work = async (report: Report) => {
      report(1, 2);
      return 'result';
    };
    t.equal(await talk.during('Working', work), 'result');
    t.equal(stderr.text, '');
    await t.rejects(talk.ask('Username'), { code: 'NO_TERMINAL' });
    await t.rejects(talk.askSecret('Password'), { code: 'NO_TERMINAL' });
    talk.warn('careful');
    t.match(stderr.text, /warning.* careful\n$/);
    talk.tell('open this\npage\u001b');
    t.ok(stderr.text.endsWith(' careful\nopen this\npage\\u{1b}\n'), 'nothing that acts on a terminal gets through');
    t.equal(talk.watched, false);
  });
}

t.test('a terminal sees the label and a bar, and an empty line afterwards', async (t) => {
  const stderr = new Screen(true);
  const talk = createTalk({ stdin: { isTTY: true }, stderr, env: {}, json: false });
  await talk.during('Packing', async (report) => report(1, 2));
  t.match(stderr.text, 'Packing');
  t.ok(stderr.text.endsWith('\r\u001b[2K\u001b[?25h'), 'the line is erased and the cursor is back');
});

t.test('the line is erased after a failure too', async (t) => {
  const stderr = new Screen(true);
  const talk = createTalk({ stdin: {}, stderr, env: {}, json: false });
  await t.rejects(
    talk.during('Packing', () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );
  t.ok(stderr.text.endsWith('\u001b[?25h'));
});

t.test('what an author wrote cannot act on the terminal', async (t) => {
  const stderr = new Screen(true);
  const talk = createTalk({ stdin: {}, stderr, env: {}, json: false });
  talk.warn('\u001b]8;;http://evil.test\u0007click');
  talk.note('\u009b2J');
  await talk.during('\u001b[2J', async () => {});
  t.notMatch(stderr.text, /\u001b\]|\u0007|\u009b|\u001b\[2J/);
});
