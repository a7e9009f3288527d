/** Preloaded into the gateway of a soak (`node --expose-gc --import`): at SIGUSR2 it tells its heap after a collection. */
import { renameSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env['SOAK_HEAP_FILE'];
if (isMainThread && file !== undefined) {
  process.on('SIGUSR2', () => {
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    writeFileSync(`${file}.new`, String((heapUsed + external) / 1024 ** 2));
    renameSync(`${file}.new`, file);
  });
}
