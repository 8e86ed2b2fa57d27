// Hints: how one page becomes several.
import t from 'tap';
import { splitHints } from '../../exercises/hints.ts';

t.test('a heading or a line of dashes begins the next hint', async (t) => {
  const table: [markdown: string, hints: string[]][] = [
    ['One hint.\n', ['One hint.']],
    ['# Hints\n\n## First\n\nA\n\n## Second\nB', ['## First\n\nA', '## Second\nB']],
    ['A\n---\nB\r\n-----\n\n', ['A', 'B']],
    ['A\n```sh\n# not a heading\n---\n```\nB', ['A\n```sh\n# not a heading\n---\n```\nB']],
    ['', []],
    ['# Only a title', []],
  ];
  for (const [markdown, hints] of table) t.same(splitHints(markdown), hints, JSON.stringify(markdown));
});
