import { hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** Whether a key belongs to a bcrypt hash. */
export type KeyCheck = (key: string, bcryptHash: string) => Promise<boolean>;

/** What the thread is started with. */
export interface HashedKey {
  readonly key: string;
  readonly bcryptHash: string;
}

/**
 * Checks keys in a thread, one after the other: a hash is made to take long, and requests must not wait for it. The last
 * key that was right is known again at once.
 */
export function createKeyCheck(): KeyCheck {
  let right = '';
  let last: Promise<unknown> = Promise.resolve();

  return (key, bcryptHash) => {
    const digest = hash('sha256', `${bcryptHash}\n${key}`);
    if (digest === right) return Promise.resolve(true);
    const checked = last
      .then(() => inThread({ key, bcryptHash }))
      .then((isRight) => {
        if (isRight) right = digest;
        return isRight;
      });
    last = checked.catch(() => undefined);
    return checked;
  };
}

function inThread(workerData: HashedKey): Promise<boolean> {
  // Bundled, the thread's file lies beside the one that holds this.
  const file = import.meta.url.endsWith('.ts') ? './key-check-worker.ts' : './key-check-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData });
  worker.unref();
  return new Promise((resolve, reject) => {
    worker.once('message', (isRight) => resolve(isRight === true));
    worker.once('error', reject);
    worker.once('exit', () => resolve(false));
  });
}
