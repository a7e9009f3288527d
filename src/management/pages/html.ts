import { hash } from 'node:crypto';
import type { ManagementAnswer } from '../answer.ts';

/** A piece of a page; everything that came from elsewhere is escaped in it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[];

/** Makes a piece of a page; strings among its values are escaped, also for attributes in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(
    strings.map((text, index) => (index < values.length ? text + shown(values[index] ?? '') : text)).join(''),
  );
}

function shown(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escapeHtml(String(part));
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A whole page. */
export interface Page {
  readonly status?: number;
  readonly title: string;
  readonly body: Html;
  /** The page is asked for anew after so many seconds. */
  readonly refreshS?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#222;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}label{display:block;margin:.5rem 0}
input[type=text],input[type=password],textarea{width:100%;box-sizing:border-box;font:inherit;padding:.4rem}
button{font:inherit;padding:.4rem 1rem;margin:.3rem 0}.code{font:700 1.6rem monospace;letter-spacing:.1em}
.problem{color:#a00}.note{color:#555}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}a{color:#8bf}.problem{color:#f88}.note{color:#aaa}}`;

const STYLE_HASH = hash('sha256', STYLE, 'base64');

/** Pages run no script, load nothing, send forms nowhere else, and stand in no frame. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`: with it browsers hide the origin of forms, also from us.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** The answer that shows a page. */
export function pageAnswer({ status = 200, title, body, refreshS, headers }: Page): ManagementAnswer {
  const refresh = refreshS === undefined ? html`` : html`<meta http-equiv="refresh" content="${refreshS}">`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${refresh}<style>${new Html(STYLE)}</style></head>
<body><h1>${title}</h1>
${body}
</body></html>
`;
  return { status, body: page.text, headers: { ...PAGE_HEADERS, ...headers } };
}

/** The answer that sends the browser to another page of ours after a form. */
export function seeOther(location: string, headers: Readonly<Record<string, string>> = {}): ManagementAnswer {
  return { status: 303, body: '', headers: { location, 'content-type': 'text/plain', ...headers } };
}
