// Owns a real browser for tests: the Chromium of this machine, driven by playwright-core.
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Test } from 'tap';
import { findOnPath } from '../clients/helpers/npm-programs.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const MISSING = 'there is no Chromium; on Debian: apt-get install -y --no-install-recommends chromium';
/** Loads only the pages that a test opens: no first run, no requests to its vendor. */
const ARGUMENTS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

export interface Surfing {
  /** Why tests with a browser are skipped on this machine; false if it has one. */
  skip: string | false;
  /** A tab in a browser without cookies that runs no scripts. */
  newPerson(t: Test): Promise<Page>;
}

/**
 * Starts the browser, which ends with the test file.
 * @throws {Error} in CI without one, with the command that installs it: in CI nothing is skipped.
 */
export async function openChromium(t: Test): Promise<Surfing> {
  const executablePath = await findChromium();
  if (executablePath === undefined) return withoutBrowser();
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS.split(' ') });
  t.teardown(() => browser.close());
  return { skip: false, newPerson: (t) => newPage(t, browser) };
}

async function findChromium(): Promise<string | undefined> {
  const found = await Promise.all(NAMES.map(findOnPath));
  return found.find((path) => path !== undefined);
}

function withoutBrowser(): Surfing {
  if (process.env.CI) throw new Error(MISSING);
  return { skip: MISSING, newPerson: () => Promise.reject(new Error(MISSING)) };
}

/** A violation of the page's policy fails the test. */
async function newPage(t: Test, browser: Browser): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  t.teardown(() => context.close());
  const page = await context.newPage();
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) t.fail(message.text());
  });
  return page;
}
