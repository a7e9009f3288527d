import {
  emptyUsage,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  totalInputTokens,
  type Usage,
} from '../../ir/index.ts';
import { parseJsonObject } from '../../ir/read.ts';
import { optionalNumber } from './wire.ts';

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

/** Usage -> `response.usage`; SDK types demand both detail objects. */
export function encodeUsage(usage: Usage): JsonObject {
  const input = totalInputTokens(usage);
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cachedReadTokens,
      ...(usage.cacheWriteTokens > 0 ? { cache_write_tokens: usage.cacheWriteTokens } : {}),
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: input + usage.outputTokens,
  };
}

const USAGE_KEY = /"usage"\s*:\s*(?=\{)/g;

/**
 * The last usage object in a text that may start or end amid a JSON value. Inside JSON strings quotes are escaped, so
 * the key cannot be found there; a tool schema's property of that name is told apart by its fields.
 */
export function findUsage(source: string): Usage | undefined {
  const starts = [...source.matchAll(USAGE_KEY)].map((match) => match.index + match[0].length);
  for (const start of starts.reverse()) {
    const end = objectEnd(source, start);
    const wire = end < 0 ? undefined : parseJsonObject(source.slice(start, end));
    if (wire !== undefined && typeof wire['input_tokens'] === 'number') return decodeUsage(wire);
  }
  return undefined;
}

/** Index after the brace that closes the object opened at `start`; -1 when the text ends before. */
function objectEnd(source: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < source.length; index++) {
    const character = source[index];
    if (quoted) {
      if (character === '\\') index++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return index + 1;
  }
  return -1;
}
