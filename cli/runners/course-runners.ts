// Owns the runners of a course.json: the programs that say whether an exercise is solved.
import type { Course } from '@progy/protocol/course/course.ts';
import { quote } from '@progy/protocol/quote.ts';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import { shellWord } from '../terminal/format.ts';
import { splitWords } from './words.ts';

const MAX_WORD = 4_000;
const MAX_WORDS = 200;
const MAX_VARIABLES = 100;
const MAX_RUNNERS = 50;
/** No test takes longer. */
export const MAX_TIMEOUT_SECONDS = 3_600;

const word = z.string().max(MAX_WORD);
const text = word.min(1).optional();
/** Docker would take a name with a dash before it for an option. */
const dockerName = z
  .string()
  .max(MAX_WORD)
  .regex(/^[A-Za-z0-9]/)
  .optional();

/**
 * How courses write a runner. The first Progy knew `docker-file`, and its guide called it `docker-local`; some courses have
 * one `runner` instead of `runners`.
 */
const runnerSchema = z.looseObject({
  id: text,
  name: text,
  type: z.enum(['process', 'docker-file', 'docker-local', 'docker-compose']).default('process'),
  command: z.union([word.min(1), z.array(word).min(1).max(MAX_WORDS)]),
  args: z.array(word).max(MAX_WORDS).default([]),
  cwd: word.default('.'),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.union([word, z.number(), z.boolean()]))
    .refine((env) => Object.keys(env).length <= MAX_VARIABLES, 'has too many variables')
    .default({}),
  timeout: z.number().positive().max(MAX_TIMEOUT_SECONDS).optional(),
  dockerfile: text,
  image_tag: dockerName,
  image: dockerName,
  network_access: z.boolean().default(false),
  compose_file: text,
  service_to_run: dockerName,
});

type Written = z.infer<typeof runnerSchema>;

/** One way to test an exercise. Its words may hold placeholders. */
export interface Runner extends Pick<Written, 'dockerfile' | 'image' | 'cwd'> {
  readonly id: string;
  readonly type: 'process' | 'docker-file' | 'docker-compose';
  /** The program and its arguments. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number | undefined;
  readonly imageTag: string | undefined;
  readonly hasNetwork: boolean;
  readonly composeFile: string | undefined;
  readonly service: string | undefined;
}

/**
 * The runners of a course, the first one first.
 * @throws {CliError} RUNNER_INVALID, with the place in course.json.
 */
export function runnersOf({ fields }: Course): Runner[] {
  const written = [
    ...(fields.runners ?? []).map((value, index): [string, unknown] => [`runners.${index}`, value]),
    ...(fields.runner === undefined ? [] : [['runner', fields.runner] as [string, unknown]]),
  ];
  return written.slice(0, MAX_RUNNERS).map(([place, value], index) => toRunner(place, value, index));
}

/**
 * The runner that was asked for, or else the first; undefined for a course that has none.
 * @throws {CliError} RUNNER_NOT_FOUND, RUNNER_INVALID.
 */
export function chooseRunner(runners: readonly Runner[], id: string | undefined): Runner | undefined {
  if (id === undefined) return runners[0];
  const found = runners.find((runner) => runner.id === id);
  if (found !== undefined) return found;
  const next = runners[0] && `Use one that it has: progy test --runner ${shellWord(runners[0].id)}`;
  const ids = runners.map((runner) => quote(runner.id)).join(', ') || 'none';
  throw new CliError('RUNNER_NOT_FOUND', `The course has no runner "${quote(id)}". Its runners: ${ids}`, next);
}

/** A text is a command. */
function toRunner(place: string, value: unknown, index: number): Runner {
  const result = runnerSchema.safeParse(typeof value === 'string' ? { command: value } : value);
  if (!result.success) throw invalid(place, result.error);
  const { id, type, command, args, env, timeout, ...rest } = result.data;
  return {
    id: id ?? (index === 0 ? 'default' : String(index + 1)),
    type: type === 'docker-local' ? 'docker-file' : type,
    words: [...(typeof command === 'string' ? splitWords(command) : command), ...args],
    cwd: rest.cwd,
    env: Object.fromEntries(Object.entries(env).map(([name, text]) => [name, String(text)])),
    timeoutSeconds: timeout,
    dockerfile: rest.dockerfile,
    image: rest.image,
    imageTag: rest.image_tag,
    hasNetwork: rest.network_access,
    composeFile: rest.compose_file,
    service: rest.service_to_run,
  };
}

function invalid(place: string, error: z.ZodError): CliError {
  const { path = [], message = 'is wrong' } = error.issues[0] ?? {};
  return new CliError('RUNNER_INVALID', `course.json: ${quote([place, ...path].join('.'))}: ${quote(message)}`);
}
