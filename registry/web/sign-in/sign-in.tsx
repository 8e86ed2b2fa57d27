// Owns the pages for signing in, signing up, and choosing a username after GitHub.
import { LOGIN_PAGE_PATH, SIGN_UP_PAGE_PATH } from '@progy/protocol/wire/urls.ts';
import { Layout } from '../layout.tsx';
import { Field, Form, GitHub, Problem, SignedInAs } from '../parts.tsx';
import { pathWithCode } from '../paths.ts';

/** What a form is shown with, the first time and after something in it was wrong. */
export interface FormProps {
  /** Of the sign-in that brought the person here, `ABCD-EFGH`; empty without one. */
  code: string;
  /** What waits, such as `npm 12.2.0 on Linux`; undefined without a code. */
  program?: string;
  /** `code` is that of an invitation to a course. */
  isInvited?: boolean;
  problem?: string;
  /** What was typed before. */
  typed?: { login?: string; username?: string; email?: string };
  github: boolean;
}

const INVITED = 'To accept the invitation to a course.';

export const SignInPage = ({ code, program, isInvited, problem, typed = {}, github }: FormProps) => (
  <Layout title="Sign in">
    <h1>Sign in</h1>
    <Lead program={program} otherwise={isInvited ? INVITED : 'To your account on this registry.'} />
    <Problem text={problem} />
    <Form action="/login/sign-in" code={code}>
      <Field
        name="login"
        label="Username or email"
        value={typed.login}
        autocomplete="username"
        maxlength={320}
        autofocus={!typed.login}
      />
      <Field
        name="password"
        label="Password"
        type="password"
        autocomplete="current-password"
        autofocus={!!typed.login}
      />
      <button type="submit" class="primary">
        Sign in
      </button>
    </Form>
    <GitHub offered={github} code={code} />
    <p class="foot">
      New here? <a href={pathWithCode(SIGN_UP_PAGE_PATH, code)}>Create an account</a>
    </p>
  </Layout>
);

export const SignUpPage = ({ code, program, isInvited, problem, typed = {}, github }: FormProps) => (
  <Layout title="Create an account">
    <h1>Create an account</h1>
    <Lead program={program} otherwise={isInvited ? INVITED : 'To publish courses, and to start private ones.'} />
    <Problem text={problem} />
    <Form action="/login/sign-up" code={code}>
      <UsernameField value={typed.username} />
      <Field
        name="email"
        label="Email"
        type="email"
        value={typed.email}
        optional
        autocomplete="email"
        maxlength={320}
        hint="Only you and the operator of the registry see it."
      />
      <Field
        name="password"
        label="Password"
        type="password"
        autocomplete="new-password"
        minlength={8}
        maxlength={128}
        hint="At least 8 characters."
      />
      <button type="submit" class="primary">
        Create account
      </button>
    </Form>
    <GitHub offered={github} code={code} />
    <p class="foot">
      Have an account? <a href={pathWithCode(LOGIN_PAGE_PATH, code)}>Sign in</a>
    </p>
  </Layout>
);

/** For an account that came from GitHub. */
export const UsernamePage = ({ code, problem, typed = {}, name }: FormProps & { name: string }) => (
  <Layout title="Choose a username">
    <h1>Choose a username</h1>
    <p class="lead">One last step: the name that your courses are published under.</p>
    <Problem text={problem} />
    <Form action="/login/username" code={code}>
      <UsernameField value={typed.username ?? name.toLowerCase()} />
      <button type="submit" class="primary">
        Take this name
      </button>
    </Form>
    <SignedInAs name={`${name} on GitHub`} code={code} />
  </Layout>
);

const UsernameField = ({ value }: { value: string | undefined }) => (
  <Field
    name="username"
    label="Username"
    value={value}
    autocomplete="username"
    maxlength={39}
    autofocus
    hint="Lower-case letters, digits and hyphens. Your courses are @username/course, so it can never be changed."
  />
);

/** Why somebody may be here. */
const Lead = ({ program, otherwise }: { program: string | undefined; otherwise: string }) =>
  program === undefined ? (
    <p class="lead">{otherwise}</p>
  ) : (
    <p class="lead">
      <strong>{program}</strong> is waiting for you.
    </p>
  );
