import { isJsonObject, type JsonObject } from './json.ts';
import type { CacheControl, Part } from './part.ts';

/** A Claude-style `cache_control`, which clients of other dialects set too when they know that Claude answers. */
export function readCacheControl(holder: JsonObject): { readonly cacheControl?: CacheControl } {
  const value = holder['cache_control'];
  if (!isJsonObject(value)) return {};
  const ttl = value['ttl'];
  return { cacheControl: ttl === '5m' || ttl === '1h' ? { ttl } : {} };
}

/** A breakpoint on a message stands for one on its last part, unless that has its own. */
export function cacheLastPart(content: readonly Part[], message: JsonObject): readonly Part[] {
  const cache = readCacheControl(message);
  const last = content.at(-1);
  if (cache.cacheControl === undefined || last === undefined) return content;
  switch (last.type) {
    case 'text':
    case 'media':
    case 'tool-call':
    case 'tool-result':
      return [...content.slice(0, -1), { ...cache, ...last }];
    case 'reasoning':
    case 'refusal':
    case 'server-tool':
    case 'opaque':
      return content;
  }
}
