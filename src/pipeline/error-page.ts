import type { UpstreamErrorInfo } from '../errors.ts';

/** What Cloudflare's own statuses mean. https://developers.cloudflare.com/support/troubleshooting/http-status-codes/ */
const CLOUDFLARE: ReadonlyMap<number, string> = new Map([
  [520, 'the server behind Cloudflare answered with something unknown'],
  [521, 'the server behind Cloudflare is down'],
  [522, 'the server behind Cloudflare could not be reached in time'],
  [523, 'the server behind Cloudflare is unreachable'],
  [524, 'the server behind Cloudflare did not answer in time'],
  [525, 'Cloudflare could not agree on TLS with the server behind it'],
  [526, 'the certificate of the server behind Cloudflare is invalid'],
  [530, 'Cloudflare does not find the server behind it'],
]);

/** A page for people says nothing to the client of an API. */
export function isPage(body: string): boolean {
  return body.trimStart().startsWith('<');
}

/** An error that came as a page of HTML: from whoever stands before the provider, which did not see the request. */
export function describePage(status: number, provider: string): UpstreamErrorInfo {
  const reason = CLOUDFLARE.get(status);
  const message = `${provider}: HTTP ${status} with a page of HTML${reason === undefined ? '' : `; ${reason}`}`;
  // A firewall's 403 is no word about the key.
  return { status, message, ...(status === 403 ? { code: 'HTML_PAGE_403' } : {}) };
}
