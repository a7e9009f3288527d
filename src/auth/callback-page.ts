/** What a person sees when the browser comes back; nothing of the address is repeated in it. */
export type CallbackOutcome = 'received' | 'refused' | 'unknown';

const words: Readonly<Record<CallbackOutcome, readonly [title: string, text: string]>> = {
  received: ['Answer received', 'llmproxy has the answer of the provider and goes on. You can close this window.'],
  refused: ['No login', 'The provider ended the login without giving access. Where you began it you can read why.'],
  unknown: ['Not the login under way', 'This address belongs to no login that llmproxy waits for. Begin it again.'],
};

/** Nothing may be loaded, nothing may run, nobody learns the address with the code in it. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A page for one outcome. */
export function callbackPage(outcome: CallbackOutcome): string {
  const [title, text] = words[outcome];
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>`;
  return `<!doctype html><html lang="en"><head>${head}</head><body><h1>${title}</h1><p>${text}</p></body></html>\n`;
}
