import { randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 24;
/** Random letters are drawn in bulk: one system call for many ids. */
const letters: Buffer = Buffer.alloc(4096);
let left = 0;

/** A fresh random id: the prefix and 24 base62 characters (142 bits). */
export function createId(prefix: string): string {
  while (left < LENGTH) refill();
  left -= LENGTH;
  return prefix + letters.toString('latin1', left, left + LENGTH);
}

function refill(): void {
  randomFillSync(letters);
  left = 0;
  for (const byte of letters) {
    // 62 and 63 have no letter; leaving them out keeps all letters equally likely.
    const letter = ALPHABET.charCodeAt(byte & 0x3f);
    if (!Number.isNaN(letter)) letters[left++] = letter;
  }
}
