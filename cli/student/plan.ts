// Owns what a student reads before a course is written to the disk.

import type { ResolvedCourse } from '../registry/resolved-course.ts';
import type { CheckedSignature } from '../registry/signature.ts';
import { formatSize } from '../terminal/format.ts';
import { textWidth, wrap } from '../terminal/wrap.ts';

export interface Plan {
  readonly course: ResolvedCourse;
  /** Undefined: the registry does not sign. */
  readonly signature: CheckedSignature | undefined;
  /** Its address. */
  readonly registry: string;
  /** Relative to the working folder; empty for that folder itself. */
  readonly shownPath: string;
  /** Whether it gets a git repository. */
  readonly git: boolean;
}

const INDENT = '  ';

/** What comes, how large it is, where it goes and who vouches for it, in lines that fit. */
export function showPlan(plan: Plan, columns: number): string {
  const { course, signature, registry } = plan;
  const facts = [
    ...sizeOf(course),
    `into ${plan.shownPath === '' ? 'this folder' : plan.shownPath}${plan.git ? ', with a git repository of your own' : ''}`,
    signature === undefined ? `from ${registry}, which does not sign` : `signed by ${registry}`,
  ];
  const width = textWidth(columns, INDENT.length);
  return [
    ...wrap(`${course.name} ${course.version}`, columns),
    ...facts.flatMap((fact) => wrap(fact, width).map((line) => INDENT + line)),
  ].join('\n');
}

/** Not how many files: the registry counts those of the package, which has a few more than the course. */
function sizeOf({ unpackedSize }: ResolvedCourse): string[] {
  return unpackedSize === undefined ? [] : [formatSize(unpackedSize)];
}
