/** Enough to keep a disk busy, few enough that their answers do not come all in one turn of the event loop. */
const AT_ONCE = 16;

/** Runs the task for every item, some at a time. Rejects with the first failure, after the tasks under way. */
export async function inParallel<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
