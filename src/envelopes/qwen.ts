/** Around the Chat answers of Qwen accounts: a spent daily allowance under one name. */
import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import type { Envelope } from './envelope.ts';

/** What the table of errors knows a free allowance by. */
const SPENT_NAME = 'free-usage-exhausted';

/** Requests stay as they are. */
export const qwen: Envelope = { unwrap: (answer) => named(answer) };

const SPENT: ReadonlySet<JsonValue | undefined> = new Set(['insufficient_quota', 'quota_exceeded']);

/**
 * The service says 429 or 403, and words that elsewhere mean an unpaid bill. It is the free allowance of a day: the
 * account rests, and others serve.
 */
function named(answer: JsonObject): JsonObject {
  const { error } = answer;
  if (!isJsonObject(error)) return answer;
  const { code, type, message } = error;
  const isSpent = SPENT.has(code) || SPENT.has(type);
  const isFree = typeof message === 'string' && /free allocated quota exceeded/i.test(message);
  return isSpent || isFree ? { ...answer, error: { ...error, code: SPENT_NAME, type: SPENT_NAME } } : answer;
}
