// Owns the rows about refusals: what a person reads says what to do, in the registry's words or in the client's own.
import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import type { Ended } from '../../clients/helpers/run-program.ts';
import { bearer } from '../../harness.ts';
import { type Cell, inItsOwnWords, prints, said, WORKS } from '../helpers/cell.ts';
import { placeCourse, publishCourse } from '../helpers/course-folder.ts';
import { authorAt, type Desk, type Seat, studentAt } from '../helpers/desk.ts';
import type { Row } from '../helpers/rows.ts';

/** What lets a person act. */
interface Remedy {
  /** The registry's sentence, or enough of it. */
  sentence: string;
  /** The command that helps, as clients name it. */
  command?: RegExp;
  /** What a client says that tells neither; it must at least say what is wrong. */
  ownWords: RegExp;
}

const SIGN_IN: Omit<Remedy, 'sentence'> = {
  command: /\b(npm|pnpm|yarn) (login|adduser)\b/,
  ownWords: /Invalid authentication.*|No authentication configured.*|No token found.*/i,
};

/** The cell of a refusal: ✓ if the client prints the registry's sentence or the command that helps, else its own words. */
function refusal(t: Test, ended: Ended, { sentence, command, ownWords }: Remedy): Cell {
  t.not(ended.code, 0, 'it fails', { said: said(ended) });
  if (prints(ended, sentence) || command?.test(said(ended))) return WORKS;
  return inItsOwnWords(t, ended, ownWords);
}

export const anonymous: Row = {
  title: '401 for publishing without a token',
  async run(t, desk) {
    const ended = await publishAs(await authorAt(t, desk), desk, `@diego/never-${desk.client.folder}`);
    return refusal(t, ended, { sentence: 'Sign in first with: npm login', ...SIGN_IN });
  },
};

export const unauthorized: Row = {
  title: '401 for a token that was revoked',
  async run(t, desk) {
    const token = await desk.newToken();
    await desk.registry.json(`/-/user/token/${token}`, { method: 'DELETE', headers: bearer(token) });
    const author = await authorAt(t, desk, token);
    const ended = await publishAs(author, desk, `@diego/never-${desk.client.folder}`);
    return refusal(t, ended, { sentence: 'Sign in again with: npm login', ...SIGN_IN });
  },
};

export const forbidden: Row = {
  title: "403 for publishing into another's scope",
  async run(t, desk) {
    const author = await authorAt(t, desk, desk.diego);
    const ended = await publishAs(author, desk, '@marta/not-mine');
    return refusal(t, ended, { sentence: 'Permission denied', ownWords: /.*403.*/ });
  },
};

export const notFound: Row = {
  title: '404 for a course that is not there',
  async run(t, desk) {
    const student = await studentAt(t, desk);
    const ended = await student.use(desk.dialect.add(['@diego/nothing']));
    const ownWords = /(GET|Failed to fetch).*@diego(\/|%2f)nothing.*404.*|Package not found$/i;
    return refusal(t, ended, { sentence: 'Package not found: @diego/nothing', ownWords });
  },
};

export const conflict: Row = {
  title: '409 for a version that exists with other content',
  async run(t, desk) {
    const name = await desk.publishNew(['1.0.0']);
    const author = await authorAt(t, desk, desk.diego);
    const ended = await publishAs(author, desk, name);
    const sentence = 'Please increment version in course.json';
    const cell = refusal(t, ended, { sentence, ownWords: /You cannot publish over the previously published versions/ });
    if (!cell.works) await refusedWhenForced(t, desk, author, sentence);
    return cell;
  },
};

/** npm 11 and 12 look first, and refuse by themselves; told to publish all the same, they show what the registry says. */
async function refusedWhenForced(t: Test, { dialect }: Desk, author: Seat, sentence: string): Promise<void> {
  const forced = await author.use([...dialect.publish, '--force']);
  t.not(forced.code, 0);
  t.ok(prints(forced, sentence), 'with --force, too', { said: said(forced) });
}

export const tooLarge: Row = {
  title: '413 for more than npm clients may publish',
  async run(t, desk) {
    const author = await authorAt(t, desk, desk.diego);
    const files = { 'assets/video.bin': randomBytes(21 * 1024 * 1024) };
    const ended = await publishAs(author, desk, `@diego/large-${desk.client.folder}`, files);
    return refusal(t, ended, { sentence: 'Publish larger courses with: progy publish', ownWords: /.*413.*/ });
  },
};

async function publishAs(author: Seat, desk: Desk, name: string, files: Record<string, Uint8Array> = {}) {
  await placeCourse(author, { name, version: '1.0.0', files });
  return publishCourse(author, desk);
}
