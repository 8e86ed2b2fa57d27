// Text from strangers, made safe to print.
import t from 'tap';
import { escapeControls, escapeControlsInLines } from '../escape-controls.ts';

t.test('what moves a cursor, reorders text or hides it becomes visible', async (t) => {
  const table: Record<string, string> = {
    '\u001b[31m': '\\u{1b}[31m',
    '\u009b31m': '\\u{9b}31m',
    '\u202eabc': '\\u{202e}abc',
    'a\u200bb': 'a\\u{200b}b',
    'a\u00adb': 'a\\u{ad}b',
    'a\u034fb': 'a\\u{34f}b',
    'a\u180eb': 'a\\u{180e}b',
    'a\u3164b': 'a\\u{3164}b',
    'a\uffa0b': 'a\\u{ffa0}b',
    '\u{e0041}\u{e0042}': '\\u{e0041}\\u{e0042}',
  };
  for (const [text, shown] of Object.entries(table)) t.equal(escapeControls(text), shown, shown);
});

t.test('what people write stays as it is', async (t) => {
  for (const text of ['Olá, mundo', '日本語', 'русский', '👩🏽‍🏫'.replace('\u200d', ''), '❤\ufe0f', 'عربى'])
    t.equal(escapeControls(text), text, text);
});

t.test('text of several lines keeps them', async (t) => {
  t.equal(escapeControlsInLines('a\n\tb\r\u001b'), 'a\n\tb\\u{d}\\u{1b}');
});
