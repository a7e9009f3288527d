import { version } from '../version.ts';
import type { Dispatchers } from './client.ts';

/** The web's `fetch` by way of one proxy setting, and no other way. Says that it is llmproxy, unless told otherwise. */
export function createFetch(dispatchers: () => Dispatchers, proxyUrl: string | undefined): typeof fetch {
  return async (input, init) => {
    // Loaded when first used: requests of clients go another way, and most processes never need it.
    const undici = await import('undici');
    const url = input instanceof Request ? input.url : String(input);
    // Not the platform's Headers: that loads its whole fetch beside undici's.
    const headers = new undici.Headers(init?.headers);
    if (!headers.has('user-agent')) headers.set('user-agent', `llmproxy/${version}`);
    const dispatcher = await dispatchers().get(new URL(url).origin, proxyUrl);
    // cast: undici's own types and those of the platform describe the same fetch.
    const platform = undici.fetch as unknown as (url: string, init: unknown) => Promise<Response>;
    return platform(url, { ...init, headers, dispatcher });
  };
}
