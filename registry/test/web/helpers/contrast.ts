// Owns measuring the contrast of a page's text: WCAG 2, success criterion 1.4.3.
import type { Page } from 'playwright-core';

interface Shown {
  text: string;
  color: string;
  ground: string;
}

/** Runs in the page: every piece of text with its colour, and the colour behind it. */
const COLLECT = `[...document.querySelectorAll('main *, header *')]
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
  .map((element) => {
    let behind = element;
    while (behind.parentElement && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
    const { color } = getComputedStyle(element);
    return { text: element.textContent.trim(), color, ground: getComputedStyle(behind).backgroundColor };
  })`;

/** From 1, the same colour, to 21, black on white. */
export async function contrasts(page: Page): Promise<{ text: string; ratio: number }[]> {
  const shown = (await page.evaluate(COLLECT)) as Shown[];
  if (shown.length === 0) throw new Error('The page shows no text');
  return shown.map(({ text, color, ground }) => ({ text, ratio: ratioOf(luminance(color), luminance(ground)) }));
}

function ratioOf(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** @param color as browsers compute it, `rgb(31, 30, 27)`. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => linear(Number(part) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
