// Owns the parts that pages are made of.
import type { Child } from 'hono/jsx';

/** The table's sentences have no full stop, some of Better-Auth's have. */
export const Sentence = ({ text }: { text: string }) => <>{text.replace(/\.?$/, '.')}</>;

/** What went wrong, read out at once by screen readers. */
export const Problem = ({ text }: { text: string | undefined }) =>
  text === undefined ? null : (
    <p class="problem" role="alert" id="problem">
      <Sentence text={text} />
    </p>
  );

/** A form that posts to this registry. `code` goes along, so that the page after it knows what it is about. */
export const Form = ({ action, code, children }: { action: string; code: string; children: Child }) => (
  <form method="post" action={action}>
    {code === '' ? null : <input type="hidden" name="code" value={code} />}
    {children}
  </form>
);

interface FieldProps {
  name: string;
  label: string;
  type?: 'text' | 'password' | 'email';
  value?: string;
  hint?: string;
  optional?: boolean;
  autofocus?: boolean;
  autocomplete: string;
  maxlength?: number;
  minlength?: number;
}

export const Field = ({ name, label, type = 'text', hint, optional = false, ...input }: FieldProps) => (
  <div class="field">
    <label for={name}>
      {label}
      {optional ? <span> (optional)</span> : null}
    </label>
    <input
      {...input}
      id={name}
      name={name}
      type={type}
      required={!optional}
      autocapitalize="none"
      autocorrect="off"
      spellcheck={false}
      aria-describedby={hint === undefined ? undefined : `${name}-hint`}
    />
    {hint === undefined ? null : (
      <p class="hint" id={`${name}-hint`}>
        {hint}
      </p>
    )}
  </div>
);

/** Who is signed in, and a way to switch accounts. */
export const SignedInAs = ({ name, code }: { name: string; code: string }) => (
  <div class="foot">
    Signed in as <strong>{name}</strong>.{' '}
    <Form action="/login/sign-out" code={code}>
      <button type="submit" class="plain">
        Use another account
      </button>
    </Form>
  </div>
);

/** "Continue with GitHub", where the operator has set it up. */
export const GitHub = ({ offered, code }: { offered: boolean; code: string }) =>
  offered ? (
    <>
      <div class="or">or</div>
      <Form action="/login/github" code={code}>
        <button type="submit" class="secondary">
          <GitHubMark />
          Continue with GitHub
        </button>
      </Form>
    </>
  ) : null;

export const GitHubMark = () => (
  <svg width="20" height="20" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
    <path d="M8 0C3.58 0 0 3.58 0 8c0 3.54 2.29 6.53 5.47 7.59.4.07.55-.17.55-.38 0-.19-.01-.82-.01-1.49-2.01.37-2.53-.49-2.69-.94-.09-.23-.48-.94-.82-1.13-.28-.15-.68-.52-.01-.53.63-.01 1.08.58 1.23.82.72 1.21 1.87.87 2.33.66.07-.52.28-.87.51-1.07-1.78-.2-3.64-.89-3.64-3.95 0-.87.31-1.59.82-2.15-.08-.2-.36-1.02.08-2.12 0 0 .67-.21 2.2.82a7.6 7.6 0 0 1 4 0c1.53-1.04 2.2-.82 2.2-.82.44 1.1.16 1.92.08 2.12.51.56.82 1.27.82 2.15 0 3.07-1.87 3.75-3.65 3.95.29.25.54.73.54 1.48 0 1.07-.01 1.93-.01 2.2 0 .21.15.46.55.38A8 8 0 0 0 16 8c0-4.42-3.58-8-8-8Z" />
  </svg>
);

/** The sign above a page that ends something. */
export const Mark = ({ good }: { good: boolean }) => (
  <div class={good ? 'mark good' : 'mark bad'}>
    <svg
      aria-hidden="true"
      width="26"
      height="26"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2.6"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <path d={good ? 'M5 12.5l4.5 4.5L19 7.5' : 'M7 7l10 10M17 7L7 17'} />
    </svg>
  </div>
);
