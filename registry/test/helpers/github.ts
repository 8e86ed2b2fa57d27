// Owns a stand-in for GitHub, which no test can reach: the three answers needed to sign in with it.
import type { Test } from 'tap';

export interface GitHubUser {
  id: number;
  login: string;
  name: string;
  email: string;
}

/** The registry's requests to GitHub, as `METHOD URL`. */
export type Asked = string[];

/** Until the test ends, requests of the Worker to GitHub are answered here: whatever code comes back is of `user`. */
export function standInForGitHub(t: Test, user: GitHubUser): Asked {
  const asked: Asked = [];
  const answers: Record<string, unknown> = {
    'https://github.com/login/oauth/access_token': { access_token: 'gho_secret', token_type: 'bearer', scope: 'user' },
    'https://api.github.com/user': { ...user, avatar_url: 'https://avatars.example/1' },
    'https://api.github.com/user/emails': [{ email: user.email, primary: true, verified: true }],
  };
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    if (!(url in answers)) return fetch(input, init);
    asked.push(`${init?.method ?? 'GET'} ${url}`);
    return Response.json(answers[url]);
  };
  t.teardown(() => {
    globalThis.fetch = fetch;
  });
  return asked;
}
