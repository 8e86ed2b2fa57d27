// Owns what a student reads after `progy update`.
import { escapeControls, escapeControlsInLines } from '@progy/protocol/escape-controls.ts';
import { showNotes } from '../registry/version-notes.ts';
import { count } from '../terminal/format.ts';
import type { ConflictKind } from '../update/merge/merged.ts';
import type { Undone } from '../update/undo.ts';
import type { CourseChange, Update } from '../update/update.ts';

/** More paths than this are counted, not listed. */
const MAX_LISTED = 20;

export function showUpdate(update: Update): string {
  const { name, from, change, oldNotes, newNotes } = update;
  const notes = [showNotes(`${name}@${from}`, oldNotes)];
  if (change === undefined) return [...present(notes), `${name} ${from} is up to date`].join('\n');
  notes.push(showNotes(`${name}@${update.to}`, newNotes));
  return [...present(notes), headline(update), ...details(update, change), '', nextStep(update, change)].join('\n');
}

export function updateJson({ name, from, to, state, oldNotes, newNotes, change }: Update): object {
  return {
    name,
    from,
    to,
    state,
    oldNotes,
    newNotes,
    ...(change === undefined ? {} : changeJson(change)),
  };
}

function changeJson({ exercises: { added, removed, renamed }, commit, ...change }: CourseChange): object {
  return { ...change, exercises: { added, removed, renamed }, commit: commit ?? null };
}

export function showUndone({ label, isBack, backup }: Undone): string {
  const change = `"${escapeControls(label)}"`;
  return [
    isBack ? `Went back from ${change}. Everything is as it was before it.` : `${change} is there again, as it was.`,
    ...(backup === undefined ? [] : [`  kept  ${backup}`]),
    '',
    `Next: to ${isBack ? 'bring it back' : 'go back from it'}, progy update --undo`,
  ].join('\n');
}

export function undoneJson({ label, isBack, files, backup }: Undone): object {
  return { state: isBack ? 'undone' : 'redone', label, files, backup: backup ?? null };
}

function headline({ name, from, to, state }: Update): string {
  const step = `${name} ${from} → ${to}`;
  if (state === 'planned') return `${step} would change this. Nothing has changed yet.`;
  return state === 'conflicts' ? `${step}: almost done. Some files need you.` : `${step}: done`;
}

function details({ state }: Update, change: CourseChange): string[] {
  const { exercises, files, conflicts, keptBoth, uncommitted, changelog, withoutGit } = change;
  const renamed = exercises.renamed.map(({ from, to }) => `${from} → ${to}`);
  const saved = state === 'planned' ? 'commits first' : 'committed first';
  return [
    ...(changelog === undefined
      ? []
      : [
          '',
          ...escapeControlsInLines(changelog)
            .split('\n')
            .map((line) => `  ${line}`.trimEnd()),
          '',
        ]),
    ...list('new exercises', exercises.added),
    ...list('moved exercises', renamed),
    ...list('exercises that are gone', exercises.removed),
    ...list(saved, uncommitted),
    `  files  ${countFiles(files)}`,
    ...list(
      'both kept',
      keptBoth.map(({ path, beside }) => `${path} is yours, ${beside} is the course’s`),
    ),
    ...list(
      'conflicts',
      conflicts.map(({ path, kind }) => `${path}: ${REASONS[kind]}`),
    ),
    ...(withoutGit === undefined ? [] : [`  git    ${WITHOUT_GIT[withoutGit]}`]),
  ];
}

const REASONS: Readonly<Record<ConflictKind, string>> = {
  'both-changed': 'you and the course changed the same lines',
  'both-added': 'you and the course added it',
  'removed-by-course': 'the course removed it, and you had changed it. Yours is still there',
  'removed-by-you': 'you removed it, and the course changed it. It is back',
};

const WITHOUT_GIT: Readonly<Record<NonNullable<CourseChange['withoutGit']>, string>> = {
  'git-missing': 'not installed, so there is no commit. What was changed is kept in .progy/backup',
  'no-repository': 'no repository here, so there is no commit. What was changed is kept in .progy/backup',
  'inside-another': 'the repository around this folder was left alone. What was changed is kept in .progy/backup',
};

function countFiles(files: CourseChange['files']): string {
  const kinds = ['added', 'changed', 'removed'] as const;
  const counts = kinds.map((kind) => [files.filter(({ change }) => change === kind).length, kind] as const);
  const shown = counts.filter(([number]) => number > 0).map(([number, kind]) => `${number} ${kind}`);
  return shown.length === 0 ? 'none change' : shown.join(', ');
}

function list(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, MAX_LISTED).map((item) => `    ${escapeControls(item)}`);
  const more =
    items.length > MAX_LISTED ? [`    and ${count(items.length - MAX_LISTED, 'more')}`.replace(/s$/, '')] : [];
  return [`  ${title}`, ...shown, ...more];
}

function nextStep({ state }: Update, { conflicts, withoutGit }: CourseChange): string {
  if (state === 'planned') return 'Next: progy update';
  if (state === 'updated') return 'Next: go on with your course. To go back: progy update --undo';
  const [first] = conflicts;
  const path = escapeControls(first?.path ?? '');
  if (withoutGit !== undefined)
    return `Next: look for <<<<<<< in ${path}, and keep what you want. To go back: progy update --undo`;
  return `Next: look for <<<<<<< in ${path}, keep what you want, then: git add --all && git commit --no-edit. To give up: progy update --abort`;
}

function present(lines: readonly (string | undefined)[]): string[] {
  return lines.filter((line) => line !== undefined);
}
