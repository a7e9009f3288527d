import { parentPort } from 'node:worker_threads';
import type { Awaitable } from './ports.ts';
import type { ThreadCall, ThreadReply } from './worker-thread.ts';

/** Sends the operator a message from inside a thread. */
export function warnFromThread(warning: string): void {
  reply({ warning });
}

/** Answers the calls of a `WorkerThread`, one after the other: each finds what the one before has done. */
export function serveThread<Call, Value>(run: (call: Call) => Awaitable<Value>): void {
  let last: Promise<void> = Promise.resolve();
  parentPort?.on('message', (call: ThreadCall<Call>) => {
    last = last.then(() => serve(call, run));
  });
}

async function serve<Call, Value>(
  { seq, body, isLast }: ThreadCall<Call>,
  run: (call: Call) => Awaitable<Value>,
): Promise<void> {
  try {
    const value = await run(body);
    if (seq !== undefined) reply({ seq, value });
  } catch (error) {
    reply(seq === undefined ? { warning: describeError(error) } : { seq, error: describeError(error) });
  }
  if (isLast) parentPort?.close();
}

function reply<Value>(message: ThreadReply<Value>): void {
  parentPort?.postMessage(message);
}

/** The words of whatever was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
