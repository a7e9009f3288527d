import type { PickRequest } from '../credentials/pool.ts';
import { invalidRequest, ProxyError } from '../errors.ts';
import type { Job } from './job.ts';

/** Hears how a wait for room ended; exactly one is called, once, unless the wait is ended before. */
export interface RoomListener {
  /** There may be room. */
  served(): void;
  /** There is none in time. */
  denied(): void;
}

/** The waits of one request for room under the user's limits: all of them together are bounded. */
export class RoomWait {
  readonly #job: Job;
  readonly #untilMs: number;
  #leave: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `deadlineMs`: of the request, by the steady clock. */
  constructor(job: Job, deadlineMs: number) {
    this.#job = job;
    this.#untilMs = Math.min(deadlineMs, performance.now() + (job.options.pool.room?.maxWaitMs ?? 0));
  }

  /** Never calls the listener at once. */
  wait(request: PickRequest, listener: RoomListener): void {
    const leftMs = this.#untilMs - performance.now();
    this.#leave = this.#job.options.pool.room?.join(request, leftMs, () => {
      this.end();
      listener.served();
    });
    const mostMs = this.#leave === undefined ? 0 : leftMs;
    this.#timer = setTimeout(() => {
      this.end();
      listener.denied();
    }, mostMs);
  }

  /** Nobody waits any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#leave?.();
    this.#leave = undefined;
  }
}

/** Why the user's limits let nobody serve a request; undefined: they do not keep anybody from it. */
export function overLimit({ model, options }: Job, request: PickRequest): ProxyError | undefined {
  const { room } = options.pool;
  if (room === undefined) return undefined;
  const most = room.tooLarge(request);
  if (most !== undefined) {
    const tokens = request.cost?.inputTokens() ?? 0;
    const message = `the request holds about ${tokens} tokens, and limits.max-tokens-per-request allows ${most}`;
    return invalidRequest('model', `${message} for "${model}"; shorten it, or raise the limit in the configuration`);
  }
  if (!room.isAwaited(request)) return undefined;
  const retryAfterMs = room.retryAfterMs(request);
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new ProxyError(
    'over_limit',
    `the limits that the configuration sets leave no room for the model "${model}" now; try again in ${seconds} s`,
    { retryAfterMs: seconds * 1000 },
  );
}
