import type { JsonObject } from '../../ir/index.ts';
import type { TokenCounter } from '../codec.ts';
import type { TokenCount } from './wire-types.ts';

/** Fields of a message request that a count request takes. https://docs.anthropic.com/en/api/messages-count-tokens */
const COUNTED = new Set([
  'messages',
  'system',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'mcp_servers',
  'context_management',
]);

/** `POST /v1/messages/count_tokens`. */
export const tokenCounter: TokenCounter = {
  toGenerationBody: (body) => body,
  toCountBody(body, model): JsonObject {
    return { model, ...Object.fromEntries(Object.entries(body).filter(([key]) => COUNTED.has(key))) };
  },
  decodeCount(answer) {
    const count = answer['input_tokens'];
    return typeof count === 'number' ? count : undefined;
  },
  encodeCount: (tokens) => ({ input_tokens: tokens }) satisfies TokenCount,
};
