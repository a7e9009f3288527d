/** Chance that can be repeated, and texts that belong to exactly one request. */
import { createHash } from 'node:crypto';

/** Numbers from 0 to 1, the same for the same seed (xorshift). */
export function seeded(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** One of a list. */
export function pick<T>(list: readonly T[], random: () => number): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

/** Marks a request; upstream and client both find it in what they read. */
export function nonceOf(index: number, seed: number): string {
  return `n-${createHash('sha256').update(`${seed} ${index}`).digest('hex').slice(0, 16)}`;
}

/** The nonce in a text, if there is one. */
export function findNonce(text: string): string | undefined {
  return /n-[0-9a-f]{16}/.exec(text)?.[0];
}

/** The only right answer to a request: 8 to 135 words, each of which names the request. */
export function answerTo(nonce: string): string {
  const words = 8 + Number.parseInt(nonce.slice(2, 4), 16) / 2;
  return Array.from({ length: words }, (_, at) => `${at}:${nonce}`).join(' ');
}
