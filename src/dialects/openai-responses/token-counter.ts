import { field } from '../../ir/read.ts';
import type { TokenCounter } from '../codec.ts';
import type { TokenCount } from './wire-types.ts';

/** Fields of a request that a count request takes. https://platform.openai.com/docs/api-reference/responses/input-tokens */
const COUNTED = new Set([
  'conversation',
  'input',
  'instructions',
  'parallel_tool_calls',
  'previous_response_id',
  'reasoning',
  'text',
  'tool_choice',
  'tools',
  'truncation',
]);

/** `POST /v1/responses/input_tokens`. */
export const tokenCounter: TokenCounter = {
  // Here alone a request may come without input: only its instructions are counted then.
  toGenerationBody: (body) => (field(body, 'input') === undefined ? { ...body, input: [] } : body),
  toCountBody(body, model) {
    return { model, ...Object.fromEntries(Object.entries(body).filter(([key]) => COUNTED.has(key))) };
  },
  decodeCount(answer) {
    const count = answer['input_tokens'];
    return typeof count === 'number' ? count : undefined;
  },
  encodeCount: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }) satisfies TokenCount,
};
