import { hash } from 'node:crypto';

const MOST = 50_000;

/** Remembers who made the signatures that clients hold bare, as far as it saw them go by: hashes only, oldest out first. */
export class SignatureIndex {
  readonly #makers = new Map<string, string>();
  /** A body also holds other long strings (pictures); only those of a length that occurs are hashed. */
  readonly #lengths = new Set<number>();
  readonly #most: number;

  constructor(most: number = MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#makers.size;
  }

  add(signature: string, maker: string): void {
    const key = keyOf(signature);
    this.#makers.delete(key);
    this.#makers.set(key, maker);
    this.#lengths.add(signature.length);
    if (this.#makers.size <= this.#most) return;
    for (const oldest of this.#makers.keys()) {
      this.#makers.delete(oldest);
      break;
    }
  }

  /** Whether any signature of this length was seen. */
  hasLength(length: number): boolean {
    return this.#lengths.has(length);
  }

  /** Undefined for a signature that was never seen. */
  makerOf(signature: string): string | undefined {
    return this.#lengths.has(signature.length) ? this.#makers.get(keyOf(signature)) : undefined;
  }
}

function keyOf(signature: string): string {
  return hash('sha256', signature, 'base64').slice(0, 24);
}
