import type { Steps } from '../pipeline/steps.ts';

/** Work of so many milliseconds may pass before others have their turn; the garbage collector may take some more. */
const SLICE_MS = 1;

/** Takes all steps, a few in each turn of the event loop, so that no request waits for the work. */
export function inSlices<T>(steps: Steps<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const slice = (): void => {
      const endMs = performance.now() + SLICE_MS;
      try {
        do {
          const step = steps.next();
          if (step.done === true) {
            resolve(step.value);
            return;
          }
        } while (performance.now() < endMs);
        setImmediate(slice);
      } catch (thrown) {
        reject(thrown);
      }
    };
    setImmediate(slice);
  });
}
