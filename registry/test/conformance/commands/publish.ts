// Owns the row in which an author publishes with the client: what arrives is the course in the folder.
import type { Test } from 'tap';
import { filesOfTarball } from '../../clients/helpers/course-forms.ts';
import { readCourseFiles } from '../../clients/helpers/folders.ts';
import { noSuchCommand, ok, WORKS } from '../helpers/cell.ts';
import { placeCourse, publishCourse } from '../helpers/course-folder.ts';
import { authorAt, type Desk, studentAt } from '../helpers/desk.ts';
import type { Row } from '../helpers/rows.ts';

export const publish: Row = {
  title: 'publish',
  async run(t, desk) {
    const name = `@diego/by-${desk.client.folder}`;
    const author = await authorAt(t, desk, desk.diego);
    await placeCourse(author, { name, version: '1.0.0' });
    const course = await readCourseFiles(author.classroom);
    const ended = await publishCourse(author, desk);
    const missing = noSuchCommand(ended);
    if (missing !== undefined) return missing;
    ok(t, ended, 'it publishes');
    const published = await download(desk, name);
    t.strictSame(published.filter(isAuthored), course.filter(isAuthored), 'each file as it lies in the folder');
    await canBeInstalled(t, desk, name);
    return WORKS;
  },
};

async function download({ registry }: Desk, name: string) {
  const { body } = await registry.json(`/${name}/1.0.0`);
  const { tarball } = body.dist as { tarball: string };
  return filesOfTarball(new Uint8Array(await (await fetch(tarball)).arrayBuffer()));
}

/** pnpm, Yarn 4 and bun print package.json anew. */
function isAuthored({ path }: { path: string }): boolean {
  return path !== 'package.json';
}

async function canBeInstalled(t: Test, desk: Desk, name: string): Promise<void> {
  const student = await studentAt(t, desk);
  ok(t, await student.use(desk.dialect.add([name])), 'and it can be installed');
}
