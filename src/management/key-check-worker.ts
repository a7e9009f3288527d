/** The thread that compares one key with a bcrypt hash. */
import { parentPort, workerData } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';
import type { HashedKey } from './key-check.ts';

// cast: the one place that starts this thread hands it a key and a hash
const { key, bcryptHash } = workerData as HashedKey;
parentPort?.postMessage(isRight());

/** A hash that is none fits no key. */
function isRight(): boolean {
  try {
    return compareSync(key, bcryptHash);
  } catch {
    return false;
  }
}
