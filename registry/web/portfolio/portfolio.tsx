// Owns the pages on which a student lets the registry make a repository at GitHub.
import { PORTFOLIO_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import { Layout } from '../layout.tsx';
import { Form, GitHubMark, Mark, Problem, SignedInAs } from '../parts.tsx';

export const PortfolioPage = ({ username, problem }: { username: string; problem: string | undefined }) => (
  <Layout title="Keep your work on GitHub">
    <h1>Keep your work on GitHub</h1>
    <p class="lead">progy makes a private repository on your account, and pushes your course to it.</p>
    <Problem text={problem} />
    <p class="small">
      GitHub will ask whether this registry may use your repositories: it has no permission that reaches less. The
      registry makes one empty repository, and nothing else. It keeps the permission for an hour at most, encrypted, and
      gives it back as soon as progy has pushed; if GitHub does not answer then, it tries again for a day.
    </p>
    <Form action={PORTFOLIO_PAGE_PATH} code="">
      <button type="submit" class="primary">
        <GitHubMark />
        Continue with GitHub
      </button>
    </Form>
    <SignedInAs name={username} code="" />
  </Layout>
);

export const PortfolioReadyPage = () => (
  <Layout title="Ready">
    <Mark good />
    <h1>GitHub is ready</h1>
    <p class="lead">You can close this window and go back to your terminal.</p>
  </Layout>
);
