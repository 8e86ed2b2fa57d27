// Owns what happens while the reader of a page works: authors publish the next version of a course.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SEED_PASSWORD } from '../../local/seed.ts';
import { progy } from '../clients/helpers/progy.ts';
import { type RegistryClient, signIn } from '../harness.ts';
import { ROOT } from './documents.ts';

/** New texts by path; each gets the text that was there, empty for a new file. */
type Changes = Readonly<Record<string, (before: string) => string>>;

const DOOR = 'content/01_select/01_the_door';
const LIFT = 'content/01_select/03_the_lift';

/** Marta's course with one more exercise, a better text, hints, and a change just where students write. */
const DETECTIVE: Changes = {
  'course.json': (text) => text.replace('"version": "1.2.0"', '"version": "1.3.0"'),
  'CHANGELOG.md': () => '# Changes\n\n## 1.3.0\n\n- A new exercise: the lift.\n- Hints for the door.\n',
  [`${DOOR}/exercise.sql`]: (text) => text.replace('one more condition', 'one more condition, with BETWEEN'),
  [`${DOOR}/README.md`]: (text) => text.replace('Which badges opened', 'Whose badges opened'),
  [`${DOOR}/hints.md`]: () =>
    '# Where to look\n\nThe time is in the column `at`.\n\n# Both ends\n\nCompare it with a date and a time: `at BETWEEN … AND …`.\n',
  [`${LIFT}/README.md`]: () => '# The lift\n\nWho works as a guide? Show `name`, in order of the alphabet.\n',
  [`${LIFT}/exercise.sql`]: () => '-- Who works as a guide?\nSELECT name\n  FROM people;\n',
  [`${LIFT}/answer.json`]: () => '{ "columns": 1, "rows": 2, "ordered": true, "sha256": "", "then": "" }\n',
};

/** Diego's course with one more exercise. */
const QUEST: Changes = {
  'course.json': (text) => text.replace('"version": "0.3.0"', '"version": "0.4.0"'),
  'CHANGELOG.md': () => '# Changes\n\n## 0.4.0\n\n- A new quest: the lighthouse.\n',
  'content/03_collections/03_the_lighthouse/README.md': () => '# The lighthouse\n\nCount the ships.\n',
  'content/03_collections/03_the_lighthouse/exercise.js': () => 'export function ships(sea) {\n  return 0\n}\n',
};

const EVENTS: ReadonlyMap<string, Next> = new Map([
  ['marta publishes sql-detective 1.3.0', { author: 'marta', course: 'sql-detective', changes: DETECTIVE }],
  ['diego publishes javascript-quest 0.4.0', { author: 'diego', course: 'javascript-quest', changes: QUEST }],
]);

/**
 * Does what a page says in a comment such as `<!-- meanwhile: marta publishes sql-detective 1.3.0 -->`.
 * @param home where the author works, beside the reader's files.
 * @throws {Error} for what nobody does.
 */
export async function happen(event: string, registry: RegistryClient, home: string): Promise<void> {
  const next = EVENTS.get(event);
  if (next === undefined) throw new Error(`Nobody knows how "${event}" is done`);
  await publishNext(registry, join(home, `.${next.author}`), next);
}

interface Next {
  readonly author: string;
  readonly course: string;
  readonly changes: Changes;
}

/** @param folder where the author works. */
async function publishNext(registry: RegistryClient, folder: string, { author, course, changes }: Next): Promise<void> {
  const cwd = join(folder, course);
  await cp(join(ROOT, 'fixtures/courses', course), cwd, { recursive: true });
  for (const [path, change] of Object.entries(changes)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), change(await readFile(join(cwd, path), 'utf8').catch(() => '')));
  }
  const token = String((await signIn(registry.json, author, SEED_PASSWORD)).body.token);
  await progy(['publish'], { cwd, home: folder, env: { PROGY_REGISTRY: registry.url, PROGY_TOKEN: token } });
}
