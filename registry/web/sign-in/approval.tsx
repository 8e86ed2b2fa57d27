// Owns the pages on which a person lets a program sign in: typing its code, deciding, and what comes after.
import { Layout } from '../layout.tsx';
import { Form, Mark, Problem, SignedInAs } from '../parts.tsx';

interface ApprovalProps {
  username: string;
  code: string;
  asking: { program: string; host: string; place: string; address: string };
  /** Where the browser is, to tell whether the program is there too. */
  ownAddress: string;
}

export const ApprovalPage = ({ username, code, asking, ownAddress }: ApprovalProps) => (
  <Layout title="Approve a sign-in">
    <h1>
      Let {asking.program.split(' ')[0]} sign in as {username}?
    </h1>
    <div class="matched">
      <p>Does your terminal show this code?</p>
      <strong class="code">{code}</strong>
    </div>
    <dl>
      <Fact name="Program">{asking.program}</Fact>
      {asking.host === '' ? null : <Fact name="Computer">{asking.host}</Fact>}
      <Fact name="From">
        {asking.place === '' ? asking.address : `${asking.place} (${asking.address})`}
        <small>
          {asking.address === ownAddress ? 'The same address as this browser' : 'Not the address of this browser'}
        </small>
      </Fact>
    </dl>
    <p class="small">
      It will be able to publish and change courses as {username} until you sign it out. Approve only what you have just
      started yourself.
    </p>
    <Form action="/login/decision" code={code}>
      <div class="pair">
        <button type="submit" name="decision" value="denied" class="secondary">
          Deny
        </button>
        <button type="submit" name="decision" value="approved" class="primary">
          Approve
        </button>
      </div>
    </Form>
    <SignedInAs name={username} code={code} />
  </Layout>
);

const Fact = ({ name, children }: { name: string; children: unknown }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** For people who opened the page by hand, and for codes that are no longer waiting. */
export const CodePage = ({ username, typed, problem }: { username?: string; typed: string; problem?: string }) => (
  <Layout title="Enter a code">
    <h1>Enter the code</h1>
    <p class="lead">Your terminal shows it.</p>
    <Problem text={problem} />
    <form method="get" action="/login">
      <div class="field">
        <label for="code">Code</label>
        <input
          class="code"
          id="code"
          name="code"
          type="text"
          value={typed}
          required
          maxlength={20}
          autofocus
          autocomplete="one-time-code"
          autocapitalize="characters"
          autocorrect="off"
          spellcheck={false}
          placeholder="ABCD-EFGH"
        />
      </div>
      <button type="submit" class="primary">
        Continue
      </button>
    </form>
    {username === undefined ? null : <SignedInAs name={username} code="" />}
  </Layout>
);

export const ApprovedPage = ({ username }: { username: string | undefined }) => (
  <Layout title="Signed in">
    <Mark good />
    <h1>{username === undefined ? 'Signed in' : `Signed in as ${username}`}</h1>
    <p class="lead">You can close this window and go back to your terminal.</p>
  </Layout>
);

export const DeniedPage = () => (
  <Layout title="Denied">
    <Mark good={false} />
    <h1>Denied</h1>
    <p class="lead">
      The program was not signed in. If you did not start it, somebody may have sent you the link. You need not do
      anything else.
    </p>
  </Layout>
);
