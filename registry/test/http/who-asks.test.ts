// What the approval page says about the program that asks.
import t from 'tap';
import { programIn } from '../../http/who-asks.ts';

t.test('a user agent says program, version and platform', async (t) => {
  const table: Record<string, string | undefined> = {
    'npm/12.2.0 node/v24.1.0 linux x64 workspaces/false': 'npm 12.2.0 on Linux',
    'progy/1.0.0': 'progy 1.0.0',
    'Mozilla/5.0 (X11; Linux x86_64)': undefined,
    'npm/1<b> linux': undefined,
  };
  for (const [userAgent, program] of Object.entries(table)) t.equal(programIn(userAgent), program, userAgent);
});

t.test('a platform is one of the list, and nothing that every object has', async (t) => {
  for (const word of ['toString', 'constructor', '__proto__', 'hasOwnProperty'])
    t.equal(programIn(`npm/12.2.0 ${word}`), 'npm 12.2.0', word);
});
