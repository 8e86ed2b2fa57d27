// Owns the report of a runner (the Smart Runner Protocol): finding it in what was printed, and reading every form of it.
import * as z from 'zod';

export const SRP_BEGIN = '__SRP_BEGIN__';
export const SRP_END = '__SRP_END__';

const MAX_TEXT = 20_000;
const MAX_ENTRIES = 1_000;

export interface TestResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly message?: string;
  readonly expected?: string;
  readonly actual?: string;
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/** What a runner reports. */
export interface RunnerReport {
  /** Undefined if the report does not say; then the exit code does. */
  readonly passed: boolean | undefined;
  readonly summary: string | undefined;
  readonly score: Score | undefined;
  /** What the student's program printed. */
  readonly output: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly tests: readonly TestResult[];
}

export interface Score {
  readonly points: number;
  /** The most there is; undefined if unknown. */
  readonly of: number | undefined;
}

/**
 * The last report in some output, between `__SRP_BEGIN__` and `__SRP_END__`, or output that is nothing but a report;
 * undefined if there is none that can be read.
 */
export function findReport(stdout: string): RunnerReport | undefined {
  const end = stdout.lastIndexOf(SRP_END);
  const begin = end < 0 ? -1 : stdout.lastIndexOf(SRP_BEGIN, end);
  if (begin >= 0) return readReport(stdout.slice(begin + SRP_BEGIN.length, end));
  const whole = stdout.trim();
  const report = whole.startsWith('{') ? readReport(whole) : undefined;
  return report?.passed === undefined ? undefined : report;
}

/** What a program printed besides its report. */
export function withoutReport(output: string): string {
  const end = output.lastIndexOf(SRP_END);
  const begin = end < 0 ? -1 : output.lastIndexOf(SRP_BEGIN, end);
  return begin < 0 ? output : output.slice(0, begin) + output.slice(end + SRP_END.length);
}

/** Text of any scalar; JSON of anything else. */
const text = z
  .unknown()
  .optional()
  .transform((value) => {
    if (value === undefined || value === null) return undefined;
    return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, MAX_TEXT);
  });
const number = z.coerce.number().finite().optional().catch(undefined);
const place = z.coerce.number().int().positive().optional().catch(undefined);
const entries = z.array(z.unknown()).catch([]);

const verdict = z.unknown().optional().transform(passedBy);

/** Every name that runners use for the same thing. */
const reportSchema = z.looseObject({
  success: verdict,
  ok: verdict,
  passed: verdict,
  status: verdict,
  summary: text,
  message: text,
  raw: text,
  output: text,
  score: z.unknown().optional(),
  points: number,
  max_score: number,
  maxScore: number,
  max_points: number,
  maxPoints: number,
  total: number,
  diagnostics: entries,
  errors: entries,
  tests: entries,
});

const testSchema = z.looseObject({
  name: text,
  title: text,
  status: verdict,
  passed: verdict,
  success: verdict,
  ok: verdict,
  message: text,
  error: text,
  expected: text,
  actual: text,
  received: text,
});

const diagnosticSchema = z.looseObject({
  severity: text,
  level: text,
  message: text,
  file: text,
  path: text,
  line: place,
  column: place,
  col: place,
});

function readReport(json: string): RunnerReport | undefined {
  const result = reportSchema.safeParse(jsonOrUndefined(json));
  if (!result.success) return undefined;
  const { success, ok, passed, status, summary, message, raw, output, diagnostics, errors, tests, ...rest } =
    result.data;
  const said = [success, ok, passed, status].find((verdict) => verdict !== undefined);
  const results = tests.slice(0, MAX_ENTRIES).map(toTest);
  return {
    passed: said === undefined ? undefined : said === 'passed',
    summary: summary ?? message,
    score: scoreOf(rest),
    output: raw ?? output,
    diagnostics: [...diagnostics, ...errors].slice(0, MAX_ENTRIES).map(toDiagnostic),
    tests: results,
  };
}

function toTest(value: unknown, index: number): TestResult {
  const entry = testSchema.safeParse(typeof value === 'string' ? { name: value } : value).data;
  const said = [entry?.status, entry?.passed, entry?.success, entry?.ok].find((verdict) => verdict !== undefined);
  return defined({
    name: entry?.name ?? entry?.title ?? `Test ${index + 1}`,
    status: said ?? 'failed',
    message: entry?.message ?? entry?.error,
    expected: entry?.expected,
    actual: entry?.actual ?? entry?.received,
  });
}

function toDiagnostic(value: unknown): Diagnostic {
  const entry = diagnosticSchema.safeParse(typeof value === 'string' ? { message: value } : value).data;
  const severity = (entry?.severity ?? entry?.level)?.toLowerCase() ?? '';
  return defined({
    severity: severity.startsWith('warn') ? 'warning' : /^(?:note|info|hint|help)/.test(severity) ? 'note' : 'error',
    message: entry?.message ?? '',
    file: entry?.file ?? entry?.path,
    line: entry?.line,
    column: entry?.column ?? entry?.col,
  });
}

type ScoreFields = Pick<
  z.infer<typeof reportSchema>,
  'score' | 'points' | 'max_score' | 'maxScore' | 'max_points' | 'maxPoints' | 'total'
>;

/** `score: 80`, `points: 4, maxPoints: 5`, or `score: { points: 4, max: 5 }`. */
function scoreOf({ score, points, ...most }: ScoreFields): Score | undefined {
  const inside = z.looseObject({ points: number, value: number, max: number, total: number }).safeParse(score).data;
  const reached = inside?.points ?? inside?.value ?? number.parse(score ?? undefined) ?? points;
  const of =
    inside?.max ?? inside?.total ?? most.max_score ?? most.maxScore ?? most.max_points ?? most.maxPoints ?? most.total;
  return reached === undefined ? undefined : { points: reached, of };
}

/** What a value says: `true`, `"pass"`, `"ok"`; undefined if it says nothing. */
function passedBy(value: unknown): TestResult['status'] | undefined {
  if (typeof value === 'boolean') return value ? 'passed' : 'failed';
  if (typeof value !== 'string') return undefined;
  const word = value.toLowerCase();
  if (/^(?:pass(?:ed)?|ok|success(?:ful)?|true|solved|done)$/.test(word)) return 'passed';
  return /^(?:skip(?:ped)?|pending|todo|ignored)$/.test(word) ? 'skipped' : 'failed';
}

function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function jsonOrUndefined(json: string): unknown {
  try {
    return JSON.parse(json.trim());
  } catch {
    return undefined;
  }
}
