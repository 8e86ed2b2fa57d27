// Owns what of an answer to a search its readers rely on: npm's shape, with the fields that other registries leave out.
import * as z from 'zod';

const foundSchema = z
  .looseObject({
    package: z.looseObject({
      name: z.string(),
      version: z.string(),
      description: z.string().nullish(),
      keywords: z.array(z.string()).nullish(),
      date: z.iso.datetime().nullish(),
      author: z.looseObject({ name: z.string().optional() }).nullish(),
      publisher: z.looseObject({ username: z.string().optional() }).nullish(),
      progy: z.looseObject({ title: z.string().optional() }).nullish(),
    }),
    downloads: z.looseObject({ monthly: z.number() }).nullish(),
  })
  .transform(({ package: found, downloads }) => ({
    name: found.name,
    version: found.version,
    title: found.progy?.title ?? null,
    description: found.description ?? '',
    keywords: found.keywords ?? [],
    author: found.author?.name ?? null,
    publisher: found.publisher?.username ?? null,
    /** ISO 8601; null where the registry does not tell. */
    publishedAt: found.date ?? null,
    /** In the last 30 days; null where the registry does not tell. */
    monthlyDownloads: downloads?.monthly ?? null,
  }));

const answerSchema = z.looseObject({ objects: z.array(foundSchema), total: z.number() });

/** One course that was found. */
export type FoundCourse = z.infer<typeof foundSchema>;

/** One page of what was found; `total` counts all pages. */
export interface SearchAnswer {
  courses: FoundCourse[];
  total: number;
}

/** The courses in an answer to a search, or undefined if it is none. */
export function parseSearchAnswer(body: unknown): SearchAnswer | undefined {
  const { data } = answerSchema.safeParse(body);
  return data && { courses: data.objects, total: data.total };
}
