// Owns the page that shows an error of the registry to a person.
import { Layout } from './layout.tsx';
import { Mark, Sentence } from './parts.tsx';

/** What a person sees of an error of the registry. */
export const FailurePage = ({ sentence, requestId }: { sentence: string; requestId?: string }) => (
  <Layout title="Something went wrong">
    <Mark good={false} />
    <h1>That did not work</h1>
    <p class="lead">
      <Sentence text={sentence} />
    </p>
    {requestId === undefined ? null : (
      <p class="small">
        Request <kbd>{requestId}</kbd>
      </p>
    )}
    <p class="foot">
      <a href="/login">Start again</a>
    </p>
  </Layout>
);
