// Owns course.json: its schema, reading it strictly, and the npm manifest it becomes.
import * as z from 'zod';
import { RegistryError } from '../errors.ts';
import { quote } from '../quote.ts';
import { type PackageName, parsePackageName } from './package-name.ts';
import { parseVersion, type Version } from './version.ts';

/** Largest course.json in bytes. D1 keeps a manifest in one row, so it must stay well under a megabyte. */
export const MAX_COURSE_JSON_BYTES = 256 * 1024;
const MAX_DEPTH = 64;
const MAX_DESCRIPTION = 2_000;

const person = z.union([
  z.string().max(500),
  z.looseObject({
    name: z.string().max(200).optional(),
    email: z.string().max(200).optional(),
    url: z.string().max(500).optional(),
  }),
]);

/** The fields the registry reads. Fields for the course runner and unknown fields pass through untouched. */
const courseSchema = z
  .looseObject({
    $schema: z.string().optional().describe('Address of this schema, for completion in editors.'),
    name: z.string().describe('Name in the registry: @scope/slug, lower case.'),
    version: z.string().describe('Semantic version, such as 1.0.0. A published version never changes.'),
    description: z.string().max(MAX_DESCRIPTION).optional().describe('One sentence for lists and search.'),
    keywords: z.array(z.string().max(100)).max(100).optional(),
    author: person.optional(),
    license: z.string().max(200).optional().describe('SPDX identifier.'),
    private: z.boolean().optional().describe('true: only people with access can see the course.'),
    repository: z
      .union([z.string().max(500), z.looseObject({ type: z.string().optional(), url: z.string().max(500) })])
      .optional(),
    engines: z
      .looseObject({ progy: z.string().max(100).optional() })
      .optional()
      .describe('Versions of progy that can run the course.'),
    files: z
      .array(z.string().min(1).max(500))
      .max(1_000)
      .optional()
      .describe(
        'Globs of the files to pack: *, **, ?, [a-z], {a,b}; a folder takes everything in it, and !glob excludes. Without this field: everything that .gitignore does not exclude.',
      ),
    id: z.string().optional(),
    title: z.string().max(500).optional().describe('Title for people.'),
    runner: z.unknown().optional().describe('The only runner: see "runners".'),
    runners: z
      .array(z.unknown())
      .optional()
      .describe(
        'Programs that test an exercise: { id, type, command, args, cwd, env, timeout }. The type is process, docker-file or docker-compose. In the words, {{exercise}} is the exercise’s folder from the root of the course, {{id}} its module and folder, {{module}} the folder of its module, {{dir}} its folder as an absolute path, {{file}} the file to edit as an absolute path.',
      ),
    content: z
      .looseObject({
        root: z.string().optional().describe('Folder of the modules. Default: content.'),
        exercises: z
          .unknown()
          .optional()
          .describe('Glob of the files to edit, or a list of { path, id, hints } with path as module/exercise.'),
      })
      .optional(),
    setup: z
      .unknown()
      .optional()
      .describe(
        '{ checks, guide }: commands that progy check runs, as text or as { name, command }, and a page to read.',
      ),
    branding: z.unknown().optional(),
    progression: z.unknown().optional(),
    achievements: z.unknown().optional(),
  })
  .describe('course.json: the manifest of a Progy course');

type CourseFields = z.infer<typeof courseSchema>;

/** A valid course.json. `fields` holds everything it says, unknown fields too. */
export interface Course {
  readonly name: PackageName;
  readonly version: Version;
  readonly private: boolean;
  readonly fields: CourseFields;
}

/** The schema of course.json as JSON Schema (draft 2020-12), served at `/schema/course.json`. */
export function courseJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(courseSchema), title: 'Progy course' };
}

/**
 * Reads a course.json.
 * @param bytes at most MAX_COURSE_JSON_BYTES of UTF-8; a byte order mark is skipped, because Windows editors write one.
 * @throws {RegistryError} INVALID_COURSE with `path` (where in the document) and `problem`; INVALID_NAME; INVALID_VERSION.
 */
export function parseCourse(bytes: Uint8Array): Course {
  checkCourseJsonSize(bytes.length);
  const document = parseJson(bytes);
  const result = courseSchema.safeParse(document);
  if (!result.success) throw schemaError(result.error);
  const fields = result.data;
  return {
    name: parsePackageName(fields.name),
    version: parseVersion(fields.version),
    private: fields.private ?? false,
    fields,
  };
}

/**
 * Checks the size of a course.json before it is read.
 * @throws {RegistryError} INVALID_COURSE.
 */
export function checkCourseJsonSize(bytes: number): void {
  if (bytes <= MAX_COURSE_JSON_BYTES) return;
  const problem = `is larger than ${MAX_COURSE_JSON_BYTES} bytes`;
  throw new RegistryError('INVALID_COURSE', `course.json ${problem}`, { path: 'course.json', problem });
}

function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  if (nestingOf(text) > MAX_DEPTH) throw invalidCourse('', `is nested deeper than ${MAX_DEPTH} levels`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidCourse('', `is not JSON: ${quote((cause as Error).message)}`, { cause });
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalidCourse('', 'is not UTF-8 text', { cause });
  }
}

/** Deepest nesting of brackets outside strings: JSON.parse would recurse that deep, so it is counted first. Linear: an unclosed string matches too. */
function nestingOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    else if (token === '}' || token === ']') depth--;
  }
  return deepest;
}

function schemaError(error: z.ZodError): RegistryError {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map(String).join('.');
  if (path === 'name') return new RegistryError('INVALID_NAME', undefined, { path, problem: issue?.message });
  if (path === 'version') return new RegistryError('INVALID_VERSION', undefined, { path, problem: issue?.message });
  return invalidCourse(path, quote(issue?.message ?? 'does not fit the schema'));
}

function invalidCourse(path: string, problem: string, options?: ErrorOptions): RegistryError {
  const where = path === '' ? 'course.json' : `course.json: "${quote(path)}"`;
  return new RegistryError('INVALID_COURSE', `${where} ${problem}`, { path, problem }, options);
}

/** What npm's manifest of a version says about the course itself: the part that never changes. */
export interface CourseManifest {
  name: string;
  version: string;
  description?: string;
  keywords?: string[];
  author?: { name?: string; email?: string; url?: string };
  license?: string;
  repository?: { type: string; url: string };
  /** `engine` is course.json's engines.progy: yarn 1 warns about engines it does not know. */
  progy: { course: 'course.json'; title?: string; engine?: string };
}

/**
 * The npm manifest of a course. Only named fields travel: no scripts, bin, dependencies or `private`,
 * so that installing a course runs nothing and npm never refuses it.
 */
export function courseManifest(course: Course): CourseManifest {
  const { description, keywords, author, license, repository, title, engines } = course.fields;
  return {
    name: course.name.full,
    version: course.version,
    ...defined({ description, keywords }),
    ...(author === undefined ? {} : { author: toPerson(author) }),
    license: license ?? 'UNLICENSED',
    ...(repository === undefined ? {} : { repository: toRepository(repository) }),
    progy: { course: 'course.json', ...defined({ title, engine: engines?.progy }) },
  };
}

/** Splits npm's short form `Name <email> (url)`. */
function toPerson(author: NonNullable<CourseFields['author']>): NonNullable<CourseManifest['author']> {
  if (typeof author !== 'string') return defined({ name: author.name, email: author.email, url: author.url });
  const match = /^([^<(]*)(?:<([^>]*)>)?\s*(?:\(([^)]*)\))?/.exec(author);
  return defined({ name: match?.[1]?.trim() || undefined, email: match?.[2], url: match?.[3] });
}

function toRepository(repository: NonNullable<CourseFields['repository']>): NonNullable<CourseManifest['repository']> {
  return typeof repository === 'string'
    ? { type: 'git', url: repository }
    : { type: repository.type ?? 'git', url: repository.url };
}

/** Drops undefined fields, so that documents carry only what the course says. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
