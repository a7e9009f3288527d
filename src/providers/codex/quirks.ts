import type { Quirks } from '../provider.ts';

/** Of both: the API and the service behind ChatGPT. */
export const quirks: Quirks = {
  promptCacheKey: { 'openai-responses': 'prompt_cache_key' },
  forwardHeaders: [
    'originator',
    'session-id',
    'session_id',
    'thread-id',
    'user-agent',
    'version',
    'x-client-request-id',
    'x-codex-*',
    // The client's word for a shorter form of the protocol, after which its body is made.
    'x-openai-internal-codex-responses-lite',
  ],
};
