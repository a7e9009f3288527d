/** Preloaded into the gateway of a soak (`node --import`): at SIGUSR2 it tells its heap after a collection. */
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const file = process.env['SOAK_HEAP_FILE'];
if (isMainThread && file !== undefined) {
  // As an option of node it would keep worker threads from starting.
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  process.on('SIGUSR2', () => {
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    writeFileSync(`${file}.new`, String((heapUsed + external) / 1024 ** 2));
    renameSync(`${file}.new`, file);
  });
}
