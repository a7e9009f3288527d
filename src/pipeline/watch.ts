import type { PipelineSettings } from './options.ts';

/** An exchange under way: the counters are set to 0 where something happens, so that nothing reads a clock. */
export interface Watched {
  readonly stream: boolean;
  /** Since something was written to the client. */
  quietTicks: number;
  /** Since the upstream sent a part of an answer. */
  stalledTicks: number;
  /** Its place among the watched; -1: not watched. */
  watchSlot: number;
  /** The upstream has sent nothing of use for too long. */
  stalled(): void;
}

type WatchSettings = Pick<PipelineSettings, 'streamKeepAliveMs' | 'wholeKeepAliveMs' | 'stallMs'>;

const TICKS = 4;

/**
 * Looks after all exchanges with one timer, which never keeps the process alive and ends when there are none. They stand
 * in an array, not in a Set: a Set that every request enters and leaves makes a new table again and again, and through
 * the chain of its old tables V8's young collections keep requests that are long over.
 */
export class Watch<T extends Watched> {
  readonly #settings: WatchSettings;
  /** Called for an exchange whose client has heard nothing for a while. */
  readonly #keepAlive: (entry: T) => void;
  readonly #entries: T[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(settings: WatchSettings, keepAlive: (entry: T) => void) {
    this.#settings = settings;
    this.#keepAlive = keepAlive;
  }

  /** Begins to watch an exchange, if there is anything to watch for. */
  add(entry: T): void {
    const { streamKeepAliveMs, wholeKeepAliveMs, stallMs } = this.#settings;
    if (entry.stream ? streamKeepAliveMs === 0 && stallMs === 0 : wholeKeepAliveMs === 0) return;
    entry.watchSlot = this.#entries.push(entry) - 1;
    if (this.#timer !== undefined) return;
    const tickMs = Math.min(...[streamKeepAliveMs, wholeKeepAliveMs, stallMs].filter((ms) => ms > 0)) / TICKS;
    this.#timer = setInterval(() => this.#tick(tickMs), tickMs).unref();
  }

  /** Forgets an exchange. The timer goes with the next tick: requests that follow one another share it. */
  remove(entry: T): void {
    const { watchSlot } = entry;
    if (watchSlot < 0) return;
    entry.watchSlot = -1;
    const last = this.#entries.pop();
    if (last === undefined || last === entry) return;
    this.#entries[watchSlot] = last;
    last.watchSlot = watchSlot;
  }

  #tick(tickMs: number): void {
    if (this.#entries.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const { streamKeepAliveMs, wholeKeepAliveMs, stallMs } = this.#settings;
    const streamTicks = Math.floor(streamKeepAliveMs / tickMs);
    const wholeTicks = Math.floor(wholeKeepAliveMs / tickMs);
    const stallTicks = Math.floor(stallMs / tickMs);
    // Backwards: who leaves on being called is replaced by one that had its turn.
    for (let index = this.#entries.length - 1; index >= 0; index--) {
      const entry = this.#entries[index];
      if (entry === undefined) continue;
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
