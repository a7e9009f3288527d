import type { PipelineSettings } from './options.ts';

/** An exchange under way: the counters are set to 0 where something happens, so that nothing reads a clock. */
export interface Watched {
  readonly stream: boolean;
  /** Since something was written to the client. */
  quietTicks: number;
  /** Since the upstream sent a part of an answer. */
  stalledTicks: number;
  /** The upstream has sent nothing of use for too long. */
  stalled(): void;
}

type WatchSettings = Pick<PipelineSettings, 'streamKeepAliveMs' | 'wholeKeepAliveMs' | 'stallMs'>;

const TICKS = 4;

/** Looks after all exchanges with one timer, which never keeps the process alive and ends when there are none. */
export class Watch<T extends Watched> {
  readonly #settings: WatchSettings;
  /** Called for an exchange whose client has heard nothing for a while. */
  readonly #keepAlive: (entry: T) => void;
  readonly #entries = new Set<T>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(settings: WatchSettings, keepAlive: (entry: T) => void) {
    this.#settings = settings;
    this.#keepAlive = keepAlive;
  }

  /** Begins to watch an exchange, if there is anything to watch for. */
  add(entry: T): void {
    const { streamKeepAliveMs, wholeKeepAliveMs, stallMs } = this.#settings;
    if (entry.stream ? streamKeepAliveMs === 0 && stallMs === 0 : wholeKeepAliveMs === 0) return;
    this.#entries.add(entry);
    if (this.#timer !== undefined) return;
    const tickMs = Math.min(...[streamKeepAliveMs, wholeKeepAliveMs, stallMs].filter((ms) => ms > 0)) / TICKS;
    this.#timer = setInterval(() => this.#tick(tickMs), tickMs).unref();
  }

  /** Forgets an exchange. The timer goes with the next tick: requests that follow one another share it. */
  remove(entry: T): void {
    this.#entries.delete(entry);
  }

  #tick(tickMs: number): void {
    if (this.#entries.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const { streamKeepAliveMs, wholeKeepAliveMs, stallMs } = this.#settings;
    const streamTicks = Math.floor(streamKeepAliveMs / tickMs);
    const wholeTicks = Math.floor(wholeKeepAliveMs / tickMs);
    const stallTicks = Math.floor(stallMs / tickMs);
    for (const entry of this.#entries) {
      const quietTicks = entry.stream ? streamTicks : wholeTicks;
      if (quietTicks > 0 && ++entry.quietTicks >= quietTicks) {
        entry.quietTicks = 0;
        this.#keepAlive(entry);
      }
      if (entry.stream && stallTicks > 0 && ++entry.stalledTicks >= stallTicks) {
        entry.stalledTicks = 0;
        entry.stalled();
      }
    }
  }
}
