import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { DIALECT } from './wire.ts';

/** Candidate fields that say where the text comes from; carried as citations of the text. */
const KEYS = ['groundingMetadata', 'citationMetadata', 'urlContextMetadata'] as const;

/** One citation for each source field of a candidate: `{ groundingMetadata: {...} }`. */
export function decodeCitations(candidate: JsonObject): JsonObject[] {
  return KEYS.flatMap((key) => {
    const value = candidate[key];
    return isJsonObject(value) && Object.keys(value).length > 0 ? [{ [key]: value }] : [];
  });
}

/** The candidate fields again; citations of other dialects have no place here. */
export function encodeCitations(dialect: string, items: readonly JsonValue[]): JsonObject {
  if (dialect !== DIALECT) return {};
  return Object.assign({}, ...items.filter(isJsonObject));
}
