import { randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 24;
/** Random bytes are drawn in bulk: one system call for many ids. */
const pool: Buffer = Buffer.alloc(4096);
let used: number = pool.length;

/** A fresh random id: the prefix and 24 base62 characters (142 bits). */
export function createId(prefix: string): string {
  let id = prefix;
  for (let count = 0; count < LENGTH; ) {
    const value = nextByte() & 0x3f;
    // 62 and 63 have no letter; drawing again keeps all letters equally likely.
    if (value >= ALPHABET.length) continue;
    id += ALPHABET[value];
    count++;
  }
  return id;
}

function nextByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool[used++] ?? 0;
}
