import type { JsonObject } from '../../ir/index.ts';
import { camelKeys, numberOf, objectOf } from './wire.ts';

const NOT_COUNTED: ReadonlySet<string> = new Set(['tools', 'toolConfig', 'generationConfig', 'safetySettings']);

/** The answer of `:countTokens`. */
export function encodeCountTokensResponse(total: number): JsonObject {
  return { totalTokens: total };
}

/** `totalTokens` of an upstream's answer; undefined when it has none. */
export function decodeCountTokensResponse(body: JsonObject): number | undefined {
  return numberOf(camelKeys(body), 'totalTokens');
}

/** A client's `:countTokens` body as the generateContent body that it is about. */
export function decodeCountTokensRequest(body: JsonObject): JsonObject {
  return objectOf(camelKeys(body), 'generateContentRequest') ?? body;
}

/** A generateContent body -> the body of `:countTokens`, which refuses the settings. */
export function encodeCountTokensRequest(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(camelKeys(body)).filter(([key]) => !NOT_COUNTED.has(key)));
}
