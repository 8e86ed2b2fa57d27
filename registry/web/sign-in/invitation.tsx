// Owns the page on which a person accepts an invitation to a course, and learns what to do then.
import { progyFrom } from '@progy/protocol/client/progy-command.ts';
import { Layout } from '../layout.tsx';
import { Form, Mark, SignedInAs } from '../parts.tsx';

interface InvitationProps {
  username: string;
  code: string;
  /** `@scope/slug`. */
  name: string;
  /** Who made the link. */
  by: string;
  /** The person can read the course already. */
  isReader: boolean;
  origin: string;
}

export const InvitationPage = (invitation: InvitationProps) =>
  invitation.isReader ? <Accepted {...invitation} /> : <Offer {...invitation} />;

const Offer = ({ username, code, name, by }: InvitationProps) => (
  <Layout title="An invitation">
    <h1>Read {name}?</h1>
    <p class="lead">{by} invites you to a course that is not public.</p>
    <p class="small">Its owners will see in their log that {username} accepted. Nothing else is recorded about you.</p>
    <Form action="/login/invitation" code={code}>
      <button type="submit" class="primary">
        Accept
      </button>
    </Form>
    <SignedInAs name={username} code={code} />
  </Layout>
);

const Accepted = ({ username, code, name, origin }: InvitationProps) => (
  <Layout title="Accepted">
    <Mark good />
    <h1>You can read {name}</h1>
    <p class="lead">In a terminal, sign in and start it:</p>
    <pre>{`${progyFrom(origin)} login\n${progyFrom(origin)} init ${name}`}</pre>
    <SignedInAs name={username} code={code} />
  </Layout>
);
