// Owns the rows in which an author publishes with the client: what arrives is the course in the folder.
import type { HashedEntry } from '@progy/protocol/course/tree-hash.ts';
import type { Test } from 'tap';
import { filesOfTarball } from '../../clients/helpers/course-forms.ts';
import { readCourseFiles } from '../../clients/helpers/folders.ts';
import { type Cell, ok, WORKS } from '../helpers/cell.ts';
import { type Course, placeCourse, publishCourse } from '../helpers/course-folder.ts';
import { authorAt, type Desk, studentAt } from '../helpers/desk.ts';
import type { Row } from '../helpers/rows.ts';

export const publish: Row = {
  title: 'publish',
  async run(t, desk) {
    const name = `@diego/by-${desk.client.folder}`;
    const { authored, published } = await roundTrip(t, desk, { name, version: '1.0.0' });
    t.strictSame(published, authored, 'each file as it lies in the folder');
    const student = await studentAt(t, desk);
    ok(t, await student.use(desk.dialect.add([name])), 'and it can be installed');
    return WORKS;
  },
};

/** Files of which npm clients lose something when they pack. */
const FRAGILE = { 'content/01_start/.gitignore': 'build/\n', 'runner/check.sh': '#!/bin/sh\n' };

export const publishFragile: Row = {
  title: 'publish .gitignore and executable files',
  async run(t, desk) {
    const name = `@diego/fragile-${desk.client.folder}`;
    const course = { name, version: '1.0.0', files: FRAGILE, executable: ['runner/check.sh'] };
    const { authored, published } = await roundTrip(t, desk, course);
    const isSturdy = ({ path }: HashedEntry) => !Object.hasOwn(FRAGILE, path);
    t.strictSame(published.filter(isSturdy), authored.filter(isSturdy), 'nothing else is lost');
    return whatIsLost(authored, published);
  },
};

function whatIsLost(authored: readonly HashedEntry[], published: readonly HashedEntry[]): Cell {
  const lost = authored.flatMap(({ path, mode, sha256 }) => {
    const found = published.find((file) => file.path === path);
    if (found === undefined) return [`leaves out ${path}`];
    if (found.sha256 !== sha256) return [`changes ${path}`];
    return found.mode === mode ? [] : [`${path} is no longer executable`];
  });
  return lost.length === 0 ? WORKS : { works: false, words: lost.join(', ') };
}

/** Publishes a course with the client. pnpm, Yarn 4 and bun print package.json anew, so it is in neither list. */
async function roundTrip(t: Test, desk: Desk, course: Course) {
  const author = await authorAt(t, desk, desk.diego);
  await placeCourse(author, course);
  const authored = await readCourseFiles(author.classroom);
  ok(t, await publishCourse(author, desk), 'it publishes');
  const published = await download(desk, course.name);
  const isAuthored = ({ path }: HashedEntry) => path !== 'package.json';
  return { authored: authored.filter(isAuthored), published: published.filter(isAuthored) };
}

async function download({ registry }: Desk, name: string): Promise<HashedEntry[]> {
  const { body } = await registry.json(`/${name}/1.0.0`);
  const { tarball } = body.dist as { tarball: string };
  return filesOfTarball(new Uint8Array(await (await fetch(tarball)).arrayBuffer()));
}
