import { ProxyError } from '../errors.ts';

/** With what a provider sends the browser back. */
export interface CallbackAnswer {
  readonly code?: string;
  readonly state?: string;
  readonly error?: string;
  readonly errorDescription?: string;
}

/** A pasted address is a few hundred characters. */
const MAX_LENGTH = 16_384;
const MAX_MESSAGE = 200;
/** What is shorter, and stands alone, is a word that somebody typed. */
const SHORTEST_CODE = 10;

/**
 * Reads what a person pasted: the whole address of the page that could not be shown, its query, `code#state` as Claude's
 * page shows it, or the code alone. Throws ProxyError `invalid_request` for anything else; it does not repeat the text.
 */
export function parsePastedAnswer(text: string): CallbackAnswer {
  const pasted = text.trim().replaceAll(/^["'<]+|["'>]+$/g, '');
  if (pasted === '' || pasted.length > MAX_LENGTH || /\s/.test(pasted)) throw unreadable();
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pasted)) {
    const url = URL.parse(pasted);
    if (url === null) throw unreadable();
    const found = answerOf(url.searchParams);
    return isEmpty(found) ? known(answerOf(new URLSearchParams(url.hash.slice(1)))) : found;
  }
  if (/(^|[?&#])(code|error)=/.test(pasted)) {
    const query = pasted.slice(pasted.indexOf('?') + 1).replace(/^[#&]/, '');
    return known(answerOf(new URLSearchParams(query.replace('#', '&'))));
  }
  const [code = '', state] = pasted.split('#');
  const isCode = /^[\w.~/+=%:-]+$/.test(code) && (state !== undefined || code.length >= SHORTEST_CODE);
  if (!isCode) throw unreadable();
  return { code, ...(state === undefined || state === '' ? {} : { state }) };
}

/** Reads the query that the browser came back with. */
export function answerOf(query: URLSearchParams): CallbackAnswer {
  const member = (name: string, key: string): Record<string, string> => {
    const value = query.get(name)?.trim();
    return value === undefined || value === '' ? {} : { [key]: value };
  };
  const code = query.get('code')?.trim() ?? '';
  // Claude: `code#state` in one, when the page's own script did not take it apart.
  const [first = '', second] = code.split('#');
  return {
    ...(first !== '' && { code: first }),
    ...(second !== undefined && second !== '' && { state: second }),
    ...member('state', 'state'),
    ...member('error', 'error'),
    ...member('error_description', 'errorDescription'),
  };
}

/** The error of an answer that is a refusal, or has no code; undefined: it has one. */
export function answerError({ code, error, errorDescription }: CallbackAnswer): ProxyError | undefined {
  if (error === undefined)
    return code === undefined ? new ProxyError('invalid_request', 'the answer of the provider has no code') : undefined;
  if (error === 'access_denied')
    return new ProxyError('upstream_forbidden', 'the login was denied on the page of the provider');
  const words = [error, errorDescription].filter((part) => part !== undefined).join(': ');
  return new ProxyError('upstream_rejected', `the provider ended the login: ${plain(words)}`);
}

/** Anybody can make such an address: its words are shortened and hold no control characters. */
function plain(text: string): string {
  const line = text.replaceAll(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ');
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}...` : line;
}

function known(answer: CallbackAnswer): CallbackAnswer {
  if (isEmpty(answer)) throw unreadable();
  return answer;
}

function isEmpty({ code, error }: CallbackAnswer): boolean {
  return code === undefined && error === undefined;
}

function unreadable(): ProxyError {
  return new ProxyError(
    'invalid_request',
    'that is neither the address the browser was sent to (http://localhost...?code=...&state=...) nor a code',
  );
}
