// Owns how pages look: one sheet, sent inside the page and named in its policy by its hash.
import { createHash } from 'node:crypto';

export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f5f1; --card: #ffffff; --line: #dedbd3; --field: #ffffff; --field-line: #8d897f;
  --ink: #1f1e1b; --soft: #5f5c55; --accent: #0b6b5f; --on-accent: #ffffff; --accent-soft: #e7f2ef;
  --bad: #a4262c; --bad-soft: #fcecec; --shadow: 0 1px 2px rgb(40 36 28 / 6%), 0 12px 32px rgb(40 36 28 / 8%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131517; --card: #1b1e21; --line: #32373c; --field: #131517; --field-line: #7c848c;
    --ink: #eceae5; --soft: #a5a9ad; --accent: #5ecbb8; --on-accent: #06231f; --accent-soft: #1b2f2d;
    --bad: #ff9b95; --bad-soft: #3a2122; --shadow: none;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; padding: 32px 16px; display: flex; flex-direction: column; align-items: center;
  background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header { margin: 4vh 0 24px; }
.brand { display: flex; align-items: center; gap: 10px; font-weight: 650; font-size: 18px; letter-spacing: -.01em; }
.brand svg { display: block; color: var(--accent); }
.brand span { color: var(--soft); font-weight: 450; }
main {
  width: 100%; max-width: 440px; padding: 32px; background: var(--card);
  border: 1px solid var(--line); border-radius: 16px; box-shadow: var(--shadow);
}
h1 { margin: 0; font-size: 24px; line-height: 1.25; font-weight: 650; letter-spacing: -.015em; overflow-wrap: anywhere; }
p { margin: 8px 0 0; }
.lead { color: var(--soft); }
.small { font-size: 14px; color: var(--soft); }
form { margin: 24px 0 0; }
.field { margin: 0 0 18px; }
label { display: block; margin: 0 0 6px; font-weight: 600; font-size: 15px; }
label span { font-weight: 400; color: var(--soft); }
.hint { margin: 6px 0 0; font-size: 14px; color: var(--soft); }
input[type=text], input[type=password], input[type=email] {
  width: 100%; min-height: 46px; padding: 10px 12px; font: inherit; color: inherit;
  background: var(--field); border: 1px solid var(--field-line); border-radius: 10px;
}
pre {
  margin: 0 0 16px; padding: 12px 14px; overflow-x: auto; text-align: left; background: var(--ground);
  border: 1px solid var(--line); border-radius: 8px; font: 13px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
input.code, .code { font: 600 26px/1.2 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; letter-spacing: .12em; }
input.code { text-align: center; text-transform: uppercase; min-height: 60px; }
input.code::placeholder { color: var(--field-line); opacity: .45; }
button, .button {
  display: block; width: 100%; min-height: 48px; padding: 11px 16px; font: inherit; font-weight: 600; text-align: center;
  border-radius: 10px; border: 1px solid transparent; cursor: pointer; text-decoration: none;
}
.primary { background: var(--accent); color: var(--on-accent); }
.primary:hover { filter: brightness(1.08); }
.secondary { background: transparent; color: var(--ink); border-color: var(--field-line); }
.secondary:hover { background: var(--ground); }
.secondary svg { vertical-align: -4px; margin-right: 10px; }
.plain {
  display: inline; width: auto; min-height: 0; padding: 4px 0; border: 0; background: none;
  color: var(--accent); font-weight: 600; text-decoration: underline; text-underline-offset: 3px;
}
a { color: var(--accent); font-weight: 600; text-underline-offset: 3px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
.or { display: flex; align-items: center; gap: 12px; margin: 22px 0 0; color: var(--soft); font-size: 14px; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.or + form { margin-top: 18px; }
.matched { margin: 24px 0 0; padding: 16px; text-align: center; background: var(--accent-soft); border-radius: 12px; }
.matched p { margin: 0 0 8px; font-size: 15px; }
.matched .code { display: block; font-size: 30px; }
dl { margin: 24px 0 0; border-top: 1px solid var(--line); }
dl div { display: flex; gap: 16px; padding: 11px 0; border-bottom: 1px solid var(--line); }
dt { flex: 0 0 92px; color: var(--soft); }
dd { margin: 0; flex: 1; min-width: 0; overflow-wrap: anywhere; font-weight: 550; }
dl + p { margin-top: 16px; }
dd small { display: block; font-size: 14px; font-weight: 400; color: var(--soft); }
.problem {
  margin: 20px 0 0; padding: 12px 14px; border-radius: 10px; background: var(--bad-soft); color: var(--bad);
  font-weight: 550; overflow-wrap: anywhere;
}
.foot { margin: 24px 0 0; padding: 20px 0 0; border-top: 1px solid var(--line); color: var(--soft); font-size: 15px; }
.foot form { display: inline; margin: 0; }
.mark { display: grid; place-items: center; width: 52px; height: 52px; margin: 0 0 20px; border-radius: 50%; }
.mark.good { background: var(--accent-soft); color: var(--accent); }
.mark.bad { background: var(--bad-soft); color: var(--bad); }
kbd { font: 600 15px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--ground); padding: 2px 7px; border-radius: 6px; }
@media (max-width: 460px) {
  body { padding: 16px 12px; }
  header { margin: 12px 0 18px; }
  main { padding: 24px 20px; }
}
`;

/** As a policy names it (CSP level 2). */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
