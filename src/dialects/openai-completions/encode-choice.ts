import {
  type FinishReason,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  totalInputTokens,
  type Usage,
} from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';

/** IR -> this dialect's `finish_reason`. */
export function encodeFinishReason(reason: FinishReason): string {
  switch (reason) {
    case 'length':
      return 'length';
    case 'content-filter':
    case 'refusal':
      return 'content_filter';
    case 'error':
      return 'error';
    case 'stop':
    case 'tool-calls':
    case 'pause':
    case 'other':
      return 'stop';
  }
}

/** Token entries of Chat Completions as the parallel lists of this dialect; `offset` is where the text starts. */
export function encodeLogprobs(entries: readonly JsonValue[] | undefined, offset = 0): JsonObject | null {
  if (entries === undefined) return null;
  const known = entries.filter(isJsonObject);
  const tokens = known.map(tokenOf);
  let next = offset;
  return {
    tokens,
    token_logprobs: known.map((entry) => entry['logprob'] ?? null),
    top_logprobs: known.map(alternatives),
    text_offset: tokens.map((token) => {
      const at = next;
      next += token.length;
      return at;
    }),
  };
}

const tokenOf = (entry: JsonObject): string => (typeof entry['token'] === 'string' ? entry['token'] : '');

function alternatives(entry: JsonObject): JsonObject {
  const top = entry['top_logprobs'];
  const listed = isJsonArray(top) ? top.filter(isJsonObject) : [];
  return Object.fromEntries(listed.map((item) => [tokenOf(item), item['logprob'] ?? null]));
}

/** Usage as OpenAI writes it. */
export function encodeUsage(usage: Usage): JsonObject {
  const input = totalInputTokens(usage);
  return {
    prompt_tokens: input,
    completion_tokens: usage.outputTokens,
    total_tokens: input + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedReadTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}
