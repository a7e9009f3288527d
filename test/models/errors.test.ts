/** The server's own refusal, kept in the dialect of the client; and a client that goes away. */
import Anthropic from '@anthropic-ai/sdk';
import { ApiError } from '@google/genai';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { type ModelProxy, proxyForModels, upstreams } from './model-server.ts';
import { sdks } from './sdks.ts';

const at: ModelProxy = proxyForModels();
const ways = ['ask', 'stream'] as const;

/** What the error of each SDK says about the kind of the failure: the word of the dialect. */
function errorKind(error: unknown): { status: number | undefined; kind: unknown; message: string } {
  if (error instanceof Anthropic.APIError) return { status: error.status, kind: error.type, message: error.message };
  if (error instanceof OpenAI.APIError) return { status: error.status, kind: error.type, message: error.message };
  if (error instanceof ApiError) {
    return { status: error.status, kind: JSON.parse(error.message).error.status, message: error.message };
  }
  throw error;
}

const kinds: Record<string, string> = {
  'openai chat': 'invalid_request_error',
  'openai responses': 'invalid_request_error',
  anthropic: 'invalid_request_error',
  '@google/genai': 'INVALID_ARGUMENT',
};
/** The server's own word, which a client of the same dialect gets untouched. */
const own = 'exceed_context_size_error';

describe.for(upstreams)('upstream %s', (upstream) => {
  describe.for(sdks)('$name', (sdk) => {
    test.for(ways)(
      '%s: a prompt that is too long is refused by the server, and the next request works',
      async (way) => {
        const failed = sdk[way](at.proxy, { model: upstream, prompt: 'x'.repeat(40_000), maxTokens: 1 });
        const error = errorKind(
          await failed.then(
            () => expect.fail('it was not refused'),
            (reason: unknown) => reason,
          ),
        );
        expect(error.status).toBe(400);
        expect([kinds[sdk.name], own]).toContain(error.kind);
        expect(error.message).toMatch(/exceeds the available context size/);
        const next = await sdk[way](at.proxy, { model: upstream, prompt: 'hi', maxTokens: 1 });
        expect(next.outputTokens).toBe(1);
      },
    );
  });
});
