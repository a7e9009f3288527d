/** A person with a browser: keeps cookies, follows redirects, fills in the forms of pages. */

/** A page at last. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** What the person does with a form: what to type, or leave. */
export type Decide = (form: {
  readonly fields: Readonly<Record<string, string>>;
  readonly text: string;
}) => Readonly<Record<string, string>> | 'abort';

const MOST_STEPS = 30;

/** Visits an address and goes on until there is no form left. */
export async function visit(start: string, decide: Decide): Promise<Page> {
  const cookies = new Map<string, string>();
  let url = start;
  let body: URLSearchParams | undefined;
  let hasLeft = false;
  for (let step = 0; step < MOST_STEPS; step++) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await response.text();
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      body = undefined;
      continue;
    }
    const form = formIn(text);
    if (form === undefined || hasLeft) return { url, status: response.status, text };
    const decided = decide({ fields: form.fields, text });
    hasLeft = decided === 'abort';
    const [, abort] = /href="([^"]*\/abort)"/.exec(text) ?? [];
    if (decided === 'abort' && abort !== undefined) {
      url = new URL(plain(abort), url).href;
      body = undefined;
    } else {
      body = new URLSearchParams({ ...form.fields, ...(decided === 'abort' ? { abort: 'yes' } : decided) });
      url = new URL(form.action, url).href;
    }
  }
  throw new Error(`no end of redirects at ${url}`);
}

function formIn(html: string): { action: string; fields: Record<string, string> } | undefined {
  const [, head, inner = ''] = /<form([^>]*)>([\s\S]*?)<\/form>/.exec(html) ?? [];
  if (head === undefined) return undefined;
  const inputs = [...inner.matchAll(/<input([^>]*?)\/?>/g)].map(([, input = '']) => [
    attribute(input, 'name') ?? '',
    attribute(input, 'value') ?? '',
  ]);
  return { action: attribute(head, 'action') ?? '', fields: Object.fromEntries(inputs.filter(([name]) => name)) };
}

function attribute(tag: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\b${name}="([^"]*)"`).exec(tag) ?? [];
  return value === undefined ? undefined : plain(value);
}

function plain(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}
