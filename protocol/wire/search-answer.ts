// Owns the answer to a search: npm's shape as the registry writes it, and as it is read from registries that leave fields out.
import * as z from 'zod';

const person = z.object({ username: z.string(), email: z.string() });
const counts = z.object({ weekly: z.number(), monthly: z.number() });

/** npm crashes without `maintainers` and `publisher` (npm/cli #7447). */
const courseSchema = z.object({
  name: z.string(),
  scope: z.string(),
  version: z.string(),
  description: z.string(),
  keywords: z.array(z.string()),
  /** When the version was published. */
  date: z.iso.datetime(),
  license: z.string().optional(),
  author: z
    .object({ name: z.string().optional(), email: z.string().optional(), url: z.string().optional() })
    .optional(),
  links: z.object({ repository: z.string().optional() }),
  publisher: person,
  maintainers: z.array(person),
  progy: z.object({
    course: z.literal('course.json'),
    title: z.string().optional(),
    engine: z.string().optional(),
  }),
});

const objectSchema = z.object({
  package: courseSchema,
  score: z.object({
    final: z.number(),
    detail: z.object({ quality: z.number(), popularity: z.number(), maintenance: z.number() }),
  }),
  searchScore: z.number(),
  downloads: counts,
  updated: z.iso.datetime(),
  flags: z.object({ insecure: z.literal(0) }),
});

/** The registry's answer. */
export const searchAnswerSchema = z.object({
  objects: z.array(objectSchema),
  /** Results on all pages. */
  total: z.number(),
  /** False: more courses match than the total counts. The least installed were not read. */
  totalIsComplete: z.boolean(),
  time: z.string(),
});

export type SearchAnswer = z.infer<typeof searchAnswerSchema>;
export type SearchObject = SearchAnswer['objects'][number];

const { name, version, description, keywords, date, author, publisher, progy } = courseSchema.shape;

const foundSchema = z
  .object({
    package: z.object({
      name,
      version,
      description: description.nullish(),
      keywords: keywords.nullish(),
      date: date.nullish(),
      author: z.object({ name: author.unwrap().shape.name }).nullish(),
      publisher: publisher.pick({ username: true }).partial().nullish(),
      progy: progy.pick({ title: true }).nullish(),
    }),
    downloads: objectSchema.shape.downloads.pick({ monthly: true }).nullish(),
  })
  .transform(({ package: found, downloads }) => ({
    name: found.name,
    version: found.version,
    title: found.progy?.title ?? null,
    description: found.description ?? '',
    keywords: found.keywords ?? [],
    author: found.author?.name ?? null,
    publisher: found.publisher?.username ?? null,
    /** ISO 8601; null if the registry does not send it. */
    publishedAt: found.date ?? null,
    /** In the last 30 days; null if the registry does not send it. */
    monthlyDownloads: downloads?.monthly ?? null,
  }));

const { total } = searchAnswerSchema.shape;

/** One page of results from any registry. */
export const foundCoursesSchema = z
  .object({
    objects: z.array(foundSchema),
    total,
    /** Other registries do not send this, and count all matches. */
    totalIsComplete: z.boolean().default(true),
  })
  .transform(({ objects, ...rest }) => ({ courses: objects, ...rest }));

/** One course that was found. */
export type FoundCourse = z.output<typeof foundSchema>;
