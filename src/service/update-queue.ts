/** Changes of single items on their way in, the last one of each item. Taking one never blocks. */
export interface UpdateQueue<T> {
  /** `change` undefined: the item is gone. */
  push(id: string, change: T | undefined): void;
  /** How many wait. */
  readonly size: number;
  close(): void;
}

/** What a queue is made of. */
export interface UpdateQueueOptions<T> {
  apply(id: string, change: T | undefined): void;
  /** There were too many at once: they were dropped, and everything is to be read anew. */
  overflowed(): void;
  readonly most?: number;
  /** Runs what is given to it in a later turn of the event loop. */
  readonly later?: (run: () => void) => void;
  readonly nowMs?: () => number;
}

const MOST_WAITING = 256;
/** One turn of the event loop may take about so long. */
const SLICE_MS = 2;

/** An empty queue. */
export function createUpdateQueue<T>(options: UpdateQueueOptions<T>): UpdateQueue<T> {
  const { most = MOST_WAITING, later = setImmediate, nowMs = () => performance.now() } = options;
  const waiting = new Map<string, T | undefined>();
  let isScheduled = false;
  let isOverflowed = false;
  let isClosed = false;

  function schedule(): void {
    if (isScheduled || isClosed) return;
    isScheduled = true;
    later(drain);
  }

  function drain(): void {
    isScheduled = false;
    if (isClosed) return;
    if (isOverflowed) {
      isOverflowed = false;
      options.overflowed();
      return;
    }
    const endMs = nowMs() + SLICE_MS;
    for (const [id, change] of waiting) {
      waiting.delete(id);
      options.apply(id, change);
      if (nowMs() >= endMs) break;
    }
    if (waiting.size > 0) schedule();
  }

  return {
    push(id, change) {
      if (isOverflowed) return;
      // The latest change goes last: it was made after all that wait.
      waiting.delete(id);
      if (waiting.size >= most) {
        isOverflowed = true;
        waiting.clear();
      } else waiting.set(id, change);
      schedule();
    },
    get size() {
      return waiting.size;
    },
    close() {
      isClosed = true;
      waiting.clear();
    },
  };
}
