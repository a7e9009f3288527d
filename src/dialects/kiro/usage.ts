import { emptyUsage, isJsonObject, type JsonObject, type JsonValue, type Usage } from '../../ir/index.ts';

/** What the events of a stream say of tokens, by how exact it is. */
export interface UsageNotes {
  /** `tokenUsage`: says what came from the cache. */
  exact?: Usage;
  /** Sums of older services. */
  flat?: Usage;
}

/** Takes note of what an event says. Percentages and credits say nothing of tokens. */
export function noteUsage(notes: UsageNotes, event: JsonObject): void {
  const exact = objectAt(event, 'tokenUsage');
  if (exact !== undefined) notes.exact = exactUsage(exact);
  const flat = flatUsage(objectAt(event, 'usage') ?? event);
  if (flat !== undefined) notes.flat = flat;
}

/** The best that is known. */
export function bestUsage({ exact, flat }: UsageNotes): Usage {
  return exact ?? flat ?? emptyUsage;
}

function exactUsage(usage: JsonObject): Usage {
  const cachedReadTokens = count(usage['cacheReadInputTokens']) ?? 0;
  const cacheWriteTokens = count(usage['cacheWriteInputTokens']) ?? 0;
  const outputTokens = count(usage['outputTokens']) ?? 0;
  const total = count(usage['totalTokens']) ?? 0;
  const rest = Math.max(0, total - outputTokens - cachedReadTokens - cacheWriteTokens);
  const inputTokens = count(usage['uncachedInputTokens']) ?? rest;
  return { ...emptyUsage, inputTokens, cachedReadTokens, cacheWriteTokens, outputTokens };
}

function flatUsage(event: JsonObject): Usage | undefined {
  const input = count(event['inputTokens']);
  const output = count(event['outputTokens']);
  if (input === undefined && output === undefined) return undefined;
  return { ...emptyUsage, inputTokens: input ?? 0, outputTokens: output ?? 0 };
}

function objectAt(event: JsonObject, key: string): JsonObject | undefined {
  const value = event[key];
  return isJsonObject(value) ? value : undefined;
}

function count(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? Math.round(value) : undefined;
}
