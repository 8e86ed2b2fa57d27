// Owns simulating a person's browser over HTTP: pages and forms, with their cookies.
import type { RegistryClient } from '../harness.ts';
import { PASSWORD } from '../harness.ts';

/** The public origin of registries that tests open in a harness; their forms come from there. */
const ORIGIN = 'http://registry.test';

export interface Page {
  status: number;
  headers: Headers;
  /** What a person reads, without tags. */
  text: string;
  html: string;
  /** Where the browser is sent; empty if it stays. */
  location: string;
}

export class Visitor {
  readonly #registry: RegistryClient;
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();

  /** @param origin of the pages, if the registry does not run in a harness. */
  constructor(registry: RegistryClient, origin = ORIGIN) {
    this.#registry = registry;
    this.#origin = origin;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.#ask(path, { headers });
  }

  /** Sends a form from a page of the registry, unless `headers` says otherwise. */
  post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Page> {
    return this.#ask(path, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { Origin: this.#origin, ...headers },
    });
  }

  /** Creates an account, and is signed in. */
  signUp(username: string): Promise<Page> {
    return this.post('/login/sign-up', { username, password: PASSWORD });
  }

  /** Decides a sign-in. */
  decide(code: string, decision: 'approved' | 'denied'): Promise<Page> {
    return this.post('/login/decision', { code, decision });
  }

  get cookies(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async #ask(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Page> {
    const headers = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', Cookie: this.cookies, ...init.headers };
    const response = await this.#registry.fetch(path, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const html = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      html,
      text: textOf(html),
      location: response.headers.get('location') ?? '',
    };
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const [name = '', value = ''] = pair.split('=', 2);
    if (value === '' || /max-age=0/i.test(cookie)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

function textOf(html: string): string {
  return html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, '’')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Begins a sign-in as progy would, and returns its code. */
export async function beginAt(registry: RegistryClient, host = ''): Promise<string> {
  const body = new URLSearchParams({ client_id: 'progy', host });
  const headers = { 'User-Agent': 'progy/0.1.0 node/v24.21.0 linux x64' };
  const answer = await registry.json('/api/auth/device/code', { method: 'POST', body, headers });
  return String(answer.body.user_code);
}
