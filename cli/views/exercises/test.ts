// Owns what `progy test` prints: whether an exercise passed, and what its runner says about it.
import { cutLine, flow } from '../../markdown/flow.ts';
import type { Diagnostic, TestResult as OneTest, RunnerReport } from '../../runners/report.ts';
import type { Outcome } from '../../runners/run.ts';
import { count } from '../../terminal/format.ts';
import { type Line, line, type Style } from '../../terminal/styled.ts';
import { textWidth } from '../../terminal/wrap.ts';
import type { Ran, TestResult } from '../../testing/test-exercise.ts';
import { exerciseJson, exerciseName, shownPath } from './exercise.ts';

/** More are counted. */
const SHOWN_TESTS = 50;
const SHOWN_DIAGNOSTICS = 20;
/** The last lines of what was printed. */
const SHOWN_LINES = 100;
/** Columns before what belongs to the line above. */
const INDENT = 4;

export function showTest(result: TestResult): Line[] {
  const { columns, ran, passedWhileWatching } = result;
  if (ran === undefined) return showWithoutRunner(result);
  if (passedWhileWatching !== undefined) {
    return flow([{ text: watchedSentence(passedWhileWatching, ran) }], textWidth(columns));
  }
  return [...showRun(result), [], ...nextSteps(result, ran).map((text) => line(text))];
}

/** How the tests ended, without what to do next. */
export function showRun({ exercise, columns, ran }: TestResult): Line[] {
  if (ran === undefined) return [];
  const { outcome } = ran;
  const width = textWidth(columns);
  const [mark, style]: [string, Style] = outcome.passed ? ['✓', 'green'] : ['✗', 'red'];
  return [
    ...flow([{ text: `${mark} ${exerciseName(exercise)}: ${verdict(outcome)}`, styles: [style, 'bold'] }], width),
    ...(outcome.report === undefined ? [] : showReport(outcome.report, width)),
    ...showOutput(outcome),
  ];
}

/** For --json. */
export function testJson({ exercise, ran, passedWhileWatching }: TestResult): object {
  if (ran === undefined) return { exercise: exerciseJson(exercise), passed: null, runner: null };
  const { outcome, next, done, total } = ran;
  const { report } = outcome;
  return {
    ...(passedWhileWatching === undefined ? { success: outcome.passed } : { passedWhileWatching }),
    exercise: exerciseJson(exercise),
    passed: outcome.passed,
    ended: outcome.how,
    exitCode: outcome.code ?? null,
    summary: report?.summary ?? null,
    score: report?.score ?? null,
    diagnostics: report?.diagnostics ?? [],
    tests: report?.tests ?? [],
    output: outcome.output,
    done,
    total,
    next: next?.id ?? null,
  };
}

function showWithoutRunner({ exercise, course, columns }: TestResult): Line[] {
  const name = course.fields.title ?? course.name.full;
  return [
    ...flow(
      [{ text: `${name} has no tests to run: you decide when ${exerciseName(exercise)} is done.` }],
      textWidth(columns),
    ),
    [],
    line(`Next: progy done ${exercise.label}`),
  ];
}

function watchedSentence(passed: number, { done, total, next }: Ran): string {
  const all = next === undefined ? 'All exercises are done. Well done!' : `${done} of ${total} are done.`;
  return `${count(passed, 'exercise')} passed. ${all}`;
}

/** In a few words, how it ended. */
function verdict({ passed, how, code, report, timeoutSeconds }: Outcome): string {
  if (how === 'timeout') return `not finished after ${count(timeoutSeconds, 'second')}, so it was ended`;
  if (how === 'flooded') return 'printed far too much, so it was ended';
  if (how === 'killed') return 'the tests were ended from outside';
  if (report?.summary !== undefined) return report.summary;
  const failed = report?.tests.filter(({ status }) => status === 'failed').length ?? 0;
  if (failed > 0) return `${failed} of ${count(report?.tests.length ?? 0, 'test')} failed`;
  return passed ? 'passed' : `not passed${code === undefined || code === 1 ? '' : ` (exit code ${code})`}`;
}

function showReport({ score, diagnostics, tests }: RunnerReport, width: number): Line[] {
  const failed = tests.filter(({ status }) => status === 'failed');
  // Of very many tests those that failed matter.
  const shown = [...(tests.length > SHOWN_TESTS ? failed : tests)].slice(0, SHOWN_TESTS);
  const lines = [
    ...(score === undefined
      ? []
      : [line(`  Score: ${score.points}${score.of === undefined ? '' : ` of ${score.of}`}`)]),
    ...shown.flatMap((test) => showOne(test, width)),
    ...moreThan(tests.length - shown.length, 'more test'),
    ...diagnostics.slice(0, SHOWN_DIAGNOSTICS).flatMap((diagnostic) => showDiagnostic(diagnostic, width)),
    ...moreThan(diagnostics.length - SHOWN_DIAGNOSTICS, 'more message'),
  ];
  return lines.length === 0 ? [] : [[], ...lines];
}

function moreThan(number: number, noun: string): Line[] {
  return number > 0 ? [line(`  … and ${count(number, noun)}`, 'dim')] : [];
}

const MARKS: Readonly<Record<OneTest['status'], [mark: string, style: Style]>> = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  skipped: ['-', 'dim'],
};

function showOne({ name, status, message, expected, actual }: OneTest, width: number): Line[] {
  const [mark, style] = MARKS[status];
  const details: [string, string | undefined][] =
    status === 'failed'
      ? [
          ['', message],
          ['expected: ', expected],
          ['actual:   ', actual],
        ]
      : [];
  return [
    ...indented(flow([{ text: name }], width - INDENT), [{ text: `  ${mark} `, styles: [style] }]),
    ...details.flatMap(([label, text]) =>
      text === undefined ? [] : indented(textLines(label + text, width - INDENT)),
    ),
  ];
}

function showDiagnostic({ severity, message, file, line: row, column }: Diagnostic, width: number): Line[] {
  const place = [file, row, column].filter((part) => part !== undefined).join(':');
  const style: Style = severity === 'error' ? 'red' : severity === 'warning' ? 'yellow' : 'cyan';
  const heading = flow(
    [...(place === '' ? [] : [{ text: `${place}: ` }]), { text: severity, styles: [style] }],
    width - 2,
  );
  return [...indented(heading, [{ text: '  ' }]), ...indented(textLines(message, width - INDENT))];
}

/** What the person did not see while it came. */
function showOutput({ output, isOutputShown }: Outcome): Line[] {
  if (isOutputShown || output.trim() === '') return [];
  const lines = output.split('\n');
  const left = lines.length - SHOWN_LINES;
  return [
    [],
    ...(left > 0 ? [line(`  … ${count(left, 'line')} before this`, 'dim')] : []),
    // Not cut: a terminal does that, and copies what it cut as one line.
    ...lines.slice(-SHOWN_LINES).map((text) => line(`  ${text.replaceAll('\t', '    ')}`)),
  ];
}

/** Text as it is, its long lines cut. */
function textLines(text: string, width: number): Line[] {
  return text
    .replaceAll('\t', '    ')
    .split(/\r?\n/)
    .flatMap((row) => cutLine(row, width).map((piece) => line(piece)));
}

function indented(lines: readonly Line[], first: Line = [{ text: ' '.repeat(INDENT) }]): Line[] {
  const width = first.reduce((sum, { text }) => sum + text.length, 0);
  return lines.map((spans, index) => [...(index === 0 ? first : [{ text: ' '.repeat(width) }]), ...spans]);
}

/** The command stands in a line of its own, to be copied. */
function nextSteps({ exercise, folder, cwd }: TestResult, { outcome, files, next, done, total }: Ran): string[] {
  if (outcome.passed) {
    return next === undefined
      ? [`All ${count(total, 'exercise')} are done. Well done!`]
      : [`${done} of ${total} done`, 'Next: progy next'];
  }
  const [file] = files.toEdit;
  const hasHints = exercise.hints.length > 0 || files.hints !== undefined;
  return [
    ...(file === undefined ? [] : [`Edit: ${shownPath(folder, file, cwd)}`]),
    ...(hasHints ? [`Hint: progy hint ${exercise.label}`] : []),
    `Next: progy test ${exercise.label}`,
  ];
}
