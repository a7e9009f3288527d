import { emptyUsage, isJsonObject, type JsonValue, totalInputTokens, type Usage } from '../../ir/index.ts';
import { objectsOfKeyFromEnd } from '../../ir/json-scan.ts';
import { optionalNumber } from './wire.ts';
import type { Usage as WireUsage } from './wire-types.ts';

const count = (object: JsonValue | undefined, key: string): number =>
  isJsonObject(object) ? Math.max(0, optionalNumber(object[key]) ?? 0) : 0;

/** `response.usage` -> usage; OpenAI's input count includes the cached tokens, the IR's does not. */
export function decodeUsage(wire: JsonValue | undefined): Usage {
  if (!isJsonObject(wire)) return emptyUsage;
  const cachedReadTokens = count(wire['input_tokens_details'], 'cached_tokens');
  const cacheWriteTokens = count(wire['input_tokens_details'], 'cache_write_tokens');
  return {
    inputTokens: Math.max(0, count(wire, 'input_tokens') - cachedReadTokens - cacheWriteTokens),
    cachedReadTokens,
    cacheWriteTokens,
    outputTokens: count(wire, 'output_tokens'),
    reasoningTokens: count(wire['output_tokens_details'], 'reasoning_tokens'),
  };
}

/** Usage -> `response.usage`; SDK types demand both detail objects, whole. */
export function encodeUsage(usage: Usage): WireUsage {
  const input = totalInputTokens(usage);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cachedReadTokens, cache_write_tokens: usage.cacheWriteTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: input + usage.outputTokens,
  };
}

/**
 * The last usage object in a text that may start or end amid a JSON value; a tool schema's property of that name is
 * told apart by its fields.
 */
export function findUsage(source: string): Usage | undefined {
  for (const wire of objectsOfKeyFromEnd(source, 'usage')) {
    if (typeof wire['input_tokens'] === 'number') return decodeUsage(wire);
  }
  return undefined;
}
