import { hash, randomBytes } from 'node:crypto';
import type { ManagementRequest } from '../answer.ts';

/** Somebody who has shown the management key in a form. */
export interface Visitor {
  /** Stands in every form that is shown to them. */
  readonly formToken: string;
}

/** Who has shown the key. Everything is in memory. */
export interface PageKeys {
  /** Remembers a visitor; the cookie is for their browser. */
  admit(request: ManagementRequest): { readonly cookie: string };
  /** Undefined: they have not shown the key, or too long ago, or the key is another one now. */
  visitor(request: ManagementRequest): Visitor | undefined;
  forget(request: ManagementRequest): void;
}

/** What it is made of. */
export interface PageKeysOptions {
  readonly nowMs: () => number;
  /** Changes with the management key. */
  readonly keyMark: () => string;
}

const COOKIE = 'llmproxy_login';
/** Cookies are for these pages only. */
export const PAGES_ROOT = '/v0/oauth';
const LIFE_MS = 30 * 60_000;
const MOST_VISITORS = 100;

interface Known extends Visitor {
  readonly untilMs: number;
  readonly keyMark: string;
}

/** Nobody has shown the key. */
export function createPageKeys({ nowMs, keyMark }: PageKeysOptions): PageKeys {
  // By a hash of the cookie: how long a look-up takes says nothing about it.
  const visitors = new Map<string, Known>();

  function drop(): void {
    for (const [id, { untilMs }] of visitors) if (untilMs <= nowMs()) visitors.delete(id);
    const [oldest] = visitors.keys();
    if (visitors.size >= MOST_VISITORS && oldest !== undefined) visitors.delete(oldest);
  }

  return {
    admit({ headers }) {
      drop();
      const ticket = randomBytes(32).toString('base64url');
      const formToken = randomBytes(32).toString('base64url');
      visitors.set(digest(ticket), { formToken, untilMs: nowMs() + LIFE_MS, keyMark: keyMark() });
      const life = Math.round(LIFE_MS / 1000);
      // What a proxy in front says; a browser would not keep such a cookie without TLS.
      const secure = headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
      return { cookie: `${COOKIE}=${ticket}; Path=${PAGES_ROOT}; Max-Age=${life}; HttpOnly; SameSite=Strict${secure}` };
    },
    visitor(request) {
      const known = visitors.get(digest(ticketOf(request)));
      return known !== undefined && known.untilMs > nowMs() && known.keyMark === keyMark() ? known : undefined;
    },
    forget(request) {
      visitors.delete(digest(ticketOf(request)));
    },
  };
}

function digest(text: string): string {
  return hash('sha256', text);
}

function ticketOf({ headers }: ManagementRequest): string {
  const cookies = headers['cookie'];
  const text = Array.isArray(cookies) ? cookies.join('; ') : (cookies ?? '');
  const found = text.split(';').find((one) => one.trim().startsWith(`${COOKIE}=`));
  return found?.trim().slice(COOKIE.length + 1) ?? '';
}
