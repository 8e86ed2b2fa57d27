// Owns what every page is: one document, one card, no script.
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { STYLE } from './style.ts';

interface LayoutProps {
  title: string;
  children: Child;
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 28 28'%3E%3Crect width='28' height='28' rx='8' fill='%230b6b5f'/%3E%3Cpath d='M8 9l5 5-5 5M15 19h6' fill='none' stroke='white' stroke-width='2.4' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

export const Layout = ({ title, children }: LayoutProps) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>{`${title} · Progy Registry`}</title>
      <link rel="icon" href={ICON} />
      <style>{raw(STYLE)}</style>
    </head>
    <body>
      <header>
        <Brand />
      </header>
      <main>{children}</main>
    </body>
  </html>
);

const Brand = () => (
  <div class="brand">
    <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="8" fill="currentColor" />
      <path
        d="M8 9l5 5-5 5M15 19h6"
        fill="none"
        stroke="var(--card)"
        stroke-width="2.4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
    <div>
      Progy <span>Registry</span>
    </div>
  </div>
);
