// Owns `progy list`: the exercises of a course, and how far the student is.
import type { Views } from '../command.ts';
import type { Context } from '../context.ts';
import { type OpenCourse, openCourse } from '../exercises/open-course.ts';
import { firstOpen, isDone } from '../exercises/progress.ts';
import type { Line } from '../terminal/styled.ts';
import type { ListOptions } from '../usage/list.ts';
import { exerciseJson } from '../views/exercises/exercise.ts';
import { type ListResult, showList } from '../views/exercises/list.ts';

export async function run(_options: ListOptions, context: Context): Promise<ListResult> {
  const open = await openCourse(context);
  return { ...open, current: firstOpen(open.progress, open.exercises), columns: context.columns };
}

export const views: Views<ListResult, Line[]> = {
  human: showList,
  json: (open) => ({
    name: open.course.name.full,
    version: open.course.version,
    done: open.exercises.filter((exercise) => isDone(open.progress, exercise)).length,
    total: open.exercises.length,
    current: open.current?.id ?? null,
    modules: open.modules.map((module) => moduleJson(module, open)),
  }),
};

function moduleJson({ name, title, exercises }: OpenCourse['modules'][number], { progress }: OpenCourse): object {
  const all = exercises.map((exercise) => {
    const { attempts = 0, passedAt = null } = progress.entries.get(exercise.id) ?? {};
    return { ...exerciseJson(exercise), done: isDone(progress, exercise), passedAt, attempts };
  });
  return { name, title, exercises: all };
}
