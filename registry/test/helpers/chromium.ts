// Owns a real browser for tests: Debian's Chromium, driven by playwright-core.
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Test } from 'tap';

const CHROMIUM = '/usr/bin/chromium';
/** Nothing but the pages that a test opens: no first run, no look-ups at home. */
const ARGUMENTS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

export interface Surfing {
  /** A tab of somebody whose browser knows no cookie yet, and runs no script of pages. */
  newPerson(t: Test): Promise<Page>;
}

/**
 * Starts the browser, which ends with the test file.
 * @throws {Error} with the command that installs it.
 */
export async function openChromium(t: Test): Promise<Surfing> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`There is no ${CHROMIUM}. Install it with: apt-get install -y --no-install-recommends chromium`);
  }
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS.split(' ') });
  t.teardown(() => browser.close());
  return { newPerson: (t) => newPage(t, browser) };
}

/** What a page's policy forbids fails the test. */
async function newPage(t: Test, browser: Browser): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  t.teardown(() => context.close());
  const page = await context.newPage();
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) t.fail(message.text());
  });
  return page;
}
