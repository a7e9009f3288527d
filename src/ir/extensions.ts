import type { JsonObject } from './json.ts';

/** Ids of the wire dialects that this package speaks or that a user may define. */
export type DialectId = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini' | (string & {});

/**
 * Fields that only one dialect knows, kept under that dialect's id and re-emitted only to it.
 * The value holds the fields by their wire names, e.g. `{ 'openai-chat': { logit_bias: {...} } }`.
 */
export type Extensions = { readonly [dialect in DialectId]?: JsonObject };
