// Owns what progy doctor says about the course that the person is in.
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { gitIn } from '../student/git.ts';
import { type StartedCourse, startedCourseAround } from '../student/started-course.ts';
import { count } from '../terminal/format.ts';
import { type Check, fail, ok } from './check.ts';

/** Undefined outside a course. */
export async function checkCourse(context: Context): Promise<Check | undefined> {
  try {
    const course = await startedCourseAround(context.cwd);
    const { name, version } = course.lock;
    return ok('course', `${name} ${version}, ${await touchedIn(course, context)}`);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return error.code === 'NOT_IN_A_COURSE' ? undefined : fail('course', error.message, error.next);
  }
}

/** How much has changed since the first commit, which has the course as it was published. */
async function touchedIn({ folder }: StartedCourse, { env, signal }: Context): Promise<string> {
  const git = gitIn(folder, env, signal);
  try {
    const [first = ''] = (await git.run('rev-list', '--max-parents=0', 'HEAD', '--', '.')).split('\n');
    const changed = (await git.run('diff', '--name-only', '--relative', first, '--', '.')).split('\n');
    const added = (await git.run('ls-files', '--others', '--exclude-standard')).split('\n');
    const files = [...changed, ...added].filter((path) => path !== '').length;
    return files === 0 ? 'as it was started' : `${count(files, 'file')} changed since it was started`;
  } catch {
    signal.throwIfAborted();
    return 'without a git repository';
  }
}
