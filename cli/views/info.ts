// Owns what `progy info` prints about a course.
import type { Outline, OutlineModule } from '@progy/protocol/course/outline.ts';
import { escapeControls } from '@progy/protocol/escape-controls.ts';
import type { CourseInfo } from '@progy/protocol/wire/course-info.ts';
import { count, formatAge, formatSize } from '../terminal/format.ts';
import { textWidth, wrap } from '../terminal/wrap.ts';

const SHOWN_VERSIONS = 10;
/** An outline with more exercises shows modules only. */
const SHOWN_EXERCISES = 60;
/** Columns for the names of facts. */
const FACT_INDENT = 13;

/** What the signature of a version proves. */
export type SignatureState =
  /** The registry published it. */
  | { readonly state: 'valid'; readonly keyid: string }
  /** The registry signs nothing. */
  | { readonly state: 'none' }
  /** Somebody else published it, or it was changed. */
  | { readonly state: 'invalid'; readonly problem: string };

export interface InfoResult {
  readonly info: CourseInfo;
  readonly signature: SignatureState;
  readonly registry: string;
  /** ` --registry URL`, or nothing. */
  readonly flag: string;
  readonly columns: number;
  readonly now: Date;
}

type Fact = [name: string, text: string];

export function showInfo(result: InfoResult): string {
  const { info, columns } = result;
  const { description } = info.manifest;
  return [
    showHeading(result),
    ...(description === undefined ? [] : wrap(escapeControls(description), textWidth(columns))),
    '',
    ...showFacts(result),
    ...(info.outline === null ? [] : ['', ...showOutline(info.outline)]),
    '',
    showNext(result),
  ].join('\n');
}

function showHeading({ info }: InfoResult): string {
  const { name, version, progy } = info.manifest;
  const title = progy?.title === undefined ? '' : `  ${progy.title}`;
  return escapeControls(`${name} ${version}${title}`);
}

function showFacts({ info, signature, registry, columns, now }: InfoResult): string[] {
  const { manifest, downloads } = info;
  const { dist, license, keywords } = manifest;
  const facts: Fact[] = [
    ...stateOf(info),
    ['published', publicationOf(info, now)],
    ['licence', license === undefined || license === 'UNLICENSED' ? 'none stated' : license],
    ...(keywords.length === 0 ? [] : [['keywords', keywords.join(', ')] as Fact]),
    ['size', `${formatSize(dist.progy.size)}, unpacked ${formatSize(dist.unpackedSize)}`],
    ['signature', describeSignature(signature, registry)],
    ['downloads', `${downloads.weekly} in 7 days, ${downloads.monthly} in 30 days`],
    ['tags', tagsOf(info)],
    ['versions', versionsOf(info)],
  ];
  const width = textWidth(columns, FACT_INDENT);
  return facts.flatMap((fact) => showFact(fact, width));
}

function showFact([name, text]: Fact, width: number): string[] {
  return wrap(escapeControls(text), width).map(
    (line, index) => `  ${(index === 0 ? name : '').padEnd(FACT_INDENT - 2)}${line}`,
  );
}

/** Whether its publishers yanked or deprecated it. */
function stateOf({ manifest, versions }: InfoResult['info']): Fact[] {
  const line = versions.find(({ version }) => version === manifest.version);
  if (line?.yanked != null) return [['yanked', line.yanked === '' ? 'no reason given' : line.yanked]];
  return line?.deprecated ? [['deprecated', line.deprecated]] : [];
}

function publicationOf({ manifest, publishedAt }: InfoResult['info'], now: Date): string {
  const day = publishedAt.slice(0, 10);
  const publisher = manifest._npmUser === undefined ? '' : ` by ${manifest._npmUser.name}`;
  const author = manifest.author?.name === undefined ? '' : `, written by ${manifest.author.name}`;
  return `${day}${publisher} (${formatAge(new Date(publishedAt), now)})${author}`;
}

function describeSignature(signature: SignatureState, registry: string): string {
  if (signature.state === 'valid') return `valid, by the registry’s key ${signature.keyid}`;
  return signature.state === 'none' ? `none: ${registry} does not sign` : `NOT VALID: ${signature.problem}`;
}

function tagsOf({ distTags }: InfoResult['info']): string {
  return Object.entries(distTags)
    .map(([tag, version]) => `${tag} ${version}`)
    .join(', ');
}

function versionsOf({ versions }: InfoResult['info']): string {
  const shown = versions.slice(0, SHOWN_VERSIONS).map(({ version, yanked, deprecated }) => {
    if (yanked !== null) return `${version} (yanked)`;
    return deprecated ? `${version} (deprecated)` : version;
  });
  const more = versions.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} older`] : [])].join(', ');
}

function showOutline({ moduleCount, exerciseCount, modules }: Outline): string[] {
  const withExercises = exerciseCount <= SHOWN_EXERCISES;
  const missing = moduleCount - modules.length;
  return [
    `${count(moduleCount, 'module')}, ${count(exerciseCount, 'exercise')}:`,
    ...modules.flatMap((module, index) => showModule(module, index + 1, withExercises)),
    ...(missing > 0 ? [`  … and ${count(missing, 'more module')}`] : []),
  ];
}

function showModule(
  { title, exerciseCount, exercises }: OutlineModule,
  number: number,
  withExercises: boolean,
): string[] {
  const heading = `  ${String(number).padStart(2)}. ${escapeControls(title)}`;
  if (!withExercises) return [`${heading} (${count(exerciseCount, 'exercise')})`];
  const missing = exerciseCount - exercises.length;
  return [
    heading,
    ...exercises.map((exercise) => `      ${escapeControls(exercise.title)}`),
    ...(missing > 0 ? [`      … and ${missing} more`] : []),
  ];
}

function showNext({ info, signature, registry, flag }: InfoResult): string {
  if (signature.state === 'invalid') return `Next: do not start it. Tell the operator of ${registry}.`;
  const { name, version } = info.manifest;
  const isLatest = info.distTags.latest === version;
  return escapeControls(`Next: progy init ${name}${isLatest ? '' : `@${version}`}${flag}`);
}
