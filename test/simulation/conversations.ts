import { exponential } from './random.ts';

/** One request of a conversation. */
export interface Turn {
  readonly conversation: number;
  readonly atMs: number;
  /** All that goes in. */
  readonly inputTokens: number;
  /** What went in with the turn before, and came out of it: the provider may have it in its cache. */
  readonly prefixTokens: number;
  /** How long its answer takes. */
  readonly durationMs: number;
  readonly ttlMs: number;
}

const MINUTE_MS = 60_000;
/** Conversations begin evenly spread over a working day. */
const DAY_MS = 8 * 60 * MINUTE_MS;
const MEAN_TURNS = 12;
const MOST_TURNS = 80;

/** So many conversations of coding agents and people, in the order of time. */
export function conversations(count: number, random: () => number): readonly Turn[] {
  const turns: Turn[] = [];
  for (let conversation = 0; conversation < count; conversation++) turns.push(...one(conversation, random));
  return turns.toSorted((a, b) => a.atMs - b.atMs);
}

/** Mostly quick tool calls; now and then the user thinks, sometimes for longer than the cache lives. */
function one(conversation: number, random: () => number): Turn[] {
  const ttlMs = random() < 0.25 ? 60 * MINUTE_MS : 5 * MINUTE_MS;
  const count = Math.min(MOST_TURNS, 1 + Math.floor(exponential(random, MEAN_TURNS - 1)));
  const turns: Turn[] = [];
  let atMs = random() * DAY_MS;
  let inputTokens = 4000 + exponential(random, 8000);
  let prefixTokens = 0;
  for (let index = 0; index < count; index++) {
    const durationMs = 2000 + exponential(random, 12_000);
    turns.push({ conversation, atMs, inputTokens, prefixTokens, durationMs, ttlMs });
    prefixTokens = inputTokens;
    inputTokens += 300 + exponential(random, 1500);
    atMs += durationMs + (random() < 0.8 ? exponential(random, 10_000) : exponential(random, 3 * MINUTE_MS));
  }
  return turns;
}
