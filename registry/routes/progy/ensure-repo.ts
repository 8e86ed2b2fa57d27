// Owns /git/ensure-repo: POST makes a repository at GitHub for a student's work, DELETE withdraws what it took.
import { RegistryError } from '@progy/protocol/errors.ts';
import { type EnsuredRepo, ensureRepoRequestSchema, type Withdrawn } from '@progy/protocol/wire/accounts/portfolio.ts';
import type { AppContext } from '../../app-env.ts';
import { endGrant, ensureRepo } from '../../domain/portfolio/ensure-repo.ts';
import { answer } from '../../http/answer.ts';
import { readJson } from '../../http/read-json.ts';

const MAX_BODY_BYTES = 8 * 1024;
/** The answer holds a token. */
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** Body: `{"course": "@scope/slug"}`. */
export async function postEnsureRepo(c: AppContext): Promise<Response> {
  const request = ensureRepoRequestSchema.safeParse(await readJson(c, MAX_BODY_BYTES));
  if (!request.success)
    throw new RegistryError('INVALID_REQUEST', 'A repository is made for JSON: {"course": "@scope/slug"}');
  const { repository, owner, created, token, expiresAt } = await ensureRepo(c.var.signedIn, request.data);
  const document: EnsuredRepo = {
    name: repository.name,
    owner,
    repoUrl: repository.clone_url,
    htmlUrl: repository.html_url,
    created,
    pushToken: token,
    expiresAt: expiresAt.toISOString(),
  };
  return answer<EnsuredRepo>(c, document, created ? 201 : 200, NO_STORE);
}

export async function deleteEnsureRepo(c: AppContext): Promise<Response> {
  return answer<Withdrawn>(c, { success: true, withdrawn: await endGrant(c.var.signedIn) }, 200, NO_STORE);
}
