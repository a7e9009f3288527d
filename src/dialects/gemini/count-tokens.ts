import type { JsonObject } from '../../ir/index.ts';
import { camelKeys, numberOf, objectOf } from './wire.ts';

/** What the model reads; the settings are no part of it. */
const COUNTED: ReadonlySet<string> = new Set(['contents', 'systemInstruction', 'tools', 'cachedContent']);

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

/**
 * A generateContent body -> the body of `:countTokens`. The Gemini API takes nothing but `contents` unless all is nested;
 * Vertex (`flat`) takes the fields side by side and knows no nesting.
 */
export function encodeCountTokensRequest(body: JsonObject, model: string, flat: boolean): JsonObject {
  const counted = Object.fromEntries(Object.entries(camelKeys(body)).filter(([key]) => COUNTED.has(key)));
  return flat ? counted : { generateContentRequest: { model: `models/${model}`, ...counted } };
}
