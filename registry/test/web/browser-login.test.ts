// `npm login` and `progy login`, by the real programs and a real browser, up to a token that works.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { findNpms } from '../clients/helpers/npm-programs.ts';
import { newStudent, type Student } from '../clients/helpers/student.ts';
import { startWaiting, type Waiting } from '../clients/helpers/waiting-program.ts';
import { bearer, PASSWORD } from '../harness.ts';
import { openChromium } from '../helpers/chromium.ts';
import { openStarted } from '../helpers/started-registry.ts';
import { contrasts } from './helpers/contrast.ts';

const GITHUB = { GITHUB_CLIENT_ID: 'client-of-ours', GITHUB_CLIENT_SECRET: 'secret-of-ours' };
const [registry, { newPerson, skip }, npms] = await Promise.all([
  openStarted(t, { vars: GITHUB }),
  openChromium(t),
  findNpms(t),
]);
await registry.signUp('diego');

/** A program that signs in, and how its user sees the approval. */
interface Program {
  label: string;
  /** Starts it on its own machine. */
  start(t: Test): Promise<{ waiting: Waiting; student: Student }>;
  /** What the page calls it. */
  asks: RegExp;
  /** What it says, and how it ends, when the person denied. */
  denied: RegExp;
}

const programs: Program[] = [
  ...npms.map((npm) => ({
    label: npm.label,
    start: async (t: Test) => {
      const student = await newStudent(t, npm, registry.url);
      return { student, waiting: startWaiting(t, npm.program, ['login', '--registry', registry.url], on(student)) };
    },
    asks: /npm \d+\.\d+\.\d+ on \w+/,
    denied: /npm notice The sign-in was denied in the browser\. Run the command again/,
  })),
  {
    label: 'progy',
    start: async (t) => {
      const student = await newStudent(t, npms[0] as (typeof npms)[0], registry.url);
      const progy = [process.execPath, join(import.meta.dirname, '../../../cli/progy.js')] as const;
      return { student, waiting: startWaiting(t, progy, ['login', '--registry', registry.url], on(student)) };
    },
    asks: /progy \d+\.\d+\.\d+ on \w+/,
    denied: /error The sign-in was denied in the browser \(NOT_APPROVED\)\nNext: Run it again: progy login --registry/,
  },
];

const on = ({ classroom, env }: Student) => ({ cwd: classroom, env });

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Username or email').fill('diego');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function whoamiOf(student: Student): Promise<unknown> {
  const token = /:_authToken=(progy_\w+)/.exec(await student.readNpmrc())?.[1] ?? '';
  return (await registry.json('/-/whoami', { headers: bearer(token) })).body.username;
}

for (const [index, { label, start, asks, denied }] of programs.entries()) {
  t.test(`${label}: a new person makes an account in the page, approves, and is signed in`, { skip }, async (t) => {
    const [{ waiting, student }, page] = await Promise.all([start(t), newPerson(t)]);
    await page.goto(await waiting.address());
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByLabel('Username').fill(`new-${index}`);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText(asks).waitFor();
    t.match(await waiting.address(), (await page.locator('.code').textContent()) ?? '', 'the page shows the code');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('go back to your terminal').waitFor();
    t.equal(await waiting.ended(), 0, waiting.output());
    t.equal(await whoamiOf(student), `new-${index}`);
  });

  t.test(`${label}: a wrong password is told in the page; a right one then signs in`, { skip }, async (t) => {
    const [{ waiting, student }, page] = await Promise.all([start(t), newPerson(t)]);
    await page.goto(await waiting.address());
    await signIn(page, 'not the password');
    await page.getByRole('alert').getByText('Wrong username or password').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('go back to your terminal').waitFor();
    t.equal(await waiting.ended(), 0, waiting.output());
    t.equal(await whoamiOf(student), 'diego');
    await page.goto(await waiting.address());
    await page.getByRole('alert').getByText('This code has been used').waitFor();
  });

  t.test(`${label}: whoever denies is told so on both sides, and there is no token`, { skip }, async (t) => {
    const [{ waiting, student }, page] = await Promise.all([start(t), newPerson(t)]);
    await page.goto(await waiting.address());
    await signIn(page, PASSWORD);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('The program was not signed in').waitFor();
    await waiting.says(denied);
    waiting.hangUp();
    t.not(await waiting.ended(), 0);
    t.notMatch(await student.readNpmrc(), '_authToken');
  });
}

t.test('whoever is signed in can be somebody else, and the sign-in is not lost', { skip }, async (t) => {
  const page = await newPerson(t);
  const { body } = await registry.json('/-/v1/login', { method: 'POST', body: '{}' });
  await page.goto(String(body.loginUrl));
  await signIn(page, PASSWORD);
  await page.getByText('sign in as diego?').waitFor();
  await page.getByRole('button', { name: 'Use another account' }).click();
  await page.getByLabel('Username or email').waitFor();
  t.equal(page.url(), body.loginUrl);
});

t.test(
  'the page fits a phone, and its letters can be told from their ground, in daylight and in the dark',
  { skip },
  async (t) => {
    const page = await newPerson(t);
    await page.setViewportSize({ width: 360, height: 740 });
    const { body } = await registry.json('/-/v1/login', { method: 'POST', body: '{}' });
    await page.goto(String(body.loginUrl));
    await signIn(page, PASSWORD);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      t.equal(await page.evaluate('document.documentElement.scrollWidth'), 360, 'nothing runs over');
      const faint = (await contrasts(page)).filter(({ ratio }) => ratio < 4.5);
      t.same(faint, [], `${colorScheme}: WCAG 2 AA`);
    }
  },
);

t.test('the page is used with the keyboard alone', { skip }, async (t) => {
  const page = await newPerson(t);
  const { body } = await registry.json('/-/v1/login', { method: 'POST', body: '{}' });
  await page.goto(String(body.loginUrl));
  await page.locator('#login:focus').waitFor();
  await page.keyboard.type('diego');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Approve' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  t.equal(await page.evaluate('document.activeElement.textContent'), 'Approve');
  await page.keyboard.press('Enter');
  await page.getByText('go back to your terminal').waitFor();
  const done = new URL(String(body.doneUrl));
  t.match(await registry.json(done.pathname + done.search), { status: 200, body: { token: /^progy_/ } });
});

t.test(
  'the way to GitHub is open to the browser, whatever else the policy of the page forbids',
  { skip },
  async (t) => {
    const page = await newPerson(t);
    await page.route('https://github.com/**', (route) => route.fulfill({ body: 'Authorize Progy?' }));
    await page.goto(`${registry.url}/login`);
    await page.getByRole('button', { name: 'Continue with GitHub' }).click();
    await page.getByText('Authorize Progy?').waitFor();
    t.match(page.url(), /^https:\/\/github\.com\/login\/oauth\/authorize\?.*client_id=client-of-ours/);
  },
);
