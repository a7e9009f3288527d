import type { RequestHeaders } from '../pipeline/exchange.ts';

/** A request as far as it is known before its body; what both doors hand to the dispatcher. */
export class RequestHead {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: RequestHeaders;
  readonly requestId: string;
  readonly #search: string;
  #query: URLSearchParams | undefined;

  constructor(method: string, url: string, headers: RequestHeaders, requestId: string) {
    const target = url.startsWith('/') ? url : originForm(url);
    const mark = target.indexOf('?');
    this.method = method;
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.#search = mark < 0 ? '' : target.slice(mark + 1);
    this.headers = headers;
    this.requestId = requestId;
  }

  /** The query as it came, without its question mark; '' when there is none. */
  get search(): string {
    return this.#search;
  }

  /** First value of a query parameter. Parsed at the first call: most requests have none. */
  query(name: string): string | undefined {
    if (this.#search === '') return undefined;
    this.#query ??= new URLSearchParams(this.#search);
    return this.#query.get(name) ?? undefined;
  }
}

/** Clients that take us for an HTTP proxy send the whole URL. */
function originForm(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? '/' : parsed.pathname + parsed.search;
}
