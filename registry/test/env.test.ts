// Reading the vars: what an operator may write for PUBLIC_ORIGIN, and what is refused at once.
import t from 'tap';
import { type Env, settingsOf } from '../env.ts';

const originOf = (given: string) =>
  settingsOf({ PUBLIC_ORIGIN: given, PUBLISH_VERSIONS_PER_HOUR: '1', LEGACY_SIGNUP: 'off' } as Env).origin;

t.test('an address of the web is reduced to its origin', async (t) => {
  for (const [given, origin] of [
    ['https://registry.example.org/', 'https://registry.example.org'],
    ['https://registry.example.org/a?b#c', 'https://registry.example.org'],
    ['http://localhost:8787', 'http://localhost:8787'],
    ['http://[::1]:8787', 'http://[::1]:8787'],
    ['https://Bücher.example', 'https://xn--bcher-kva.example'],
  ] as const)
    t.equal(originOf(given), origin, given);
});

t.test('no scheme, no host, or signs that a shell reads: the mistake of an operator', async (t) => {
  const odd = ["https://a'b.example", 'https://a$(b).example', 'https://a`b`.example', 'https://a";b.example'];
  for (const given of ['', 'nowhere', 'localhost:8787', 'file:///srv', 'ftp://a.example', ...odd])
    t.throws(() => originOf(given), /^PUBLIC_ORIGIN must be like "https:\/\/registry\.example\.org", not "/, given);
});
