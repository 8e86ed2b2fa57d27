// Owns the documents of keeping a student's work on GitHub: which repository is wanted, and where to push.
import * as z from 'zod';
import { tryParsePackageName } from '../../course/package-name.ts';
import { isRepositoryName } from '../../course/portfolio-repository.ts';

const repositoryName = z.string().refine(isRepositoryName, 'is not a name that GitHub allows');

/** `POST /git/ensure-repo`. */
export const ensureRepoRequestSchema = z.object({
  /** `@scope/slug`. */
  course: z.string().refine((name) => tryParsePackageName(name) !== undefined, 'is not @scope/slug'),
  /** Name for a new repository; by default the course's. */
  name: repositoryName.optional(),
  /** A repository of theirs to push to again, whatever is in it: nothing is made. */
  repo: repositoryName.optional(),
});
export type EnsureRepoRequest = z.input<typeof ensureRepoRequestSchema>;

export const ensuredRepoSchema = z.object({
  name: z.string(),
  /** The account on GitHub. */
  owner: z.string(),
  /** Where git pushes to. */
  repoUrl: z.url(),
  /** The page of the repository. */
  htmlUrl: z.url(),
  /** False: it was there. */
  created: z.boolean(),
  /** GitHub's token to push with: a password that is never to be stored or shown. */
  pushToken: z.string().regex(/^[\x21-\x7e]+$/),
  /** When the registry withdraws the token at the latest, in ISO 8601. */
  expiresAt: z.iso.datetime(),
});
export type EnsuredRepo = z.infer<typeof ensuredRepoSchema>;

/** `DELETE /git/ensure-repo`: the token is no longer needed. */
export const withdrawnSchema = z.object({
  success: z.literal(true),
  /** False: there was none. */
  withdrawn: z.boolean(),
});
export type Withdrawn = z.infer<typeof withdrawnSchema>;
