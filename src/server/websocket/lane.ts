import type { ScannedObject } from '../../json-splice.ts';
import type { RequestFrame } from './client-frame.ts';
import type { SocketReply } from './socket-reply.ts';

/** One sequence of requests on a connection; lanes go on side by side, the requests of one after each other. */
export interface Lane {
  running: SocketReply | undefined;
  readonly waiting: RequestFrame[];
  lastResponseId: string | undefined;
  /** The last request, for what the next one leaves out. */
  settings: ScannedObject | undefined;
}

/** The most requests that wait in one lane. */
export const MAX_WAITING = 16;

const MAX_LANES = 32;

/** The lanes of a connection, by `stream_id`; undefined names the one that every connection has. */
export class Lanes {
  readonly #lanes = new Map<string | undefined, Lane>();

  /** Undefined when too many lanes are busy. */
  open(streamId: string | undefined): Lane | undefined {
    const known = this.#lanes.get(streamId);
    if (known !== undefined) return known;
    if (this.#lanes.size >= MAX_LANES && !this.#forgetIdle()) return undefined;
    const lane: Lane = { running: undefined, waiting: [], lastResponseId: undefined, settings: undefined };
    this.#lanes.set(streamId, lane);
    return lane;
  }

  get busy(): boolean {
    return this.all().some((lane) => lane.running !== undefined);
  }

  all(): readonly Lane[] {
    return [...this.#lanes.values()];
  }

  #forgetIdle(): boolean {
    for (const [streamId, lane] of this.#lanes) {
      if (lane.running !== undefined || streamId === undefined) continue;
      this.#lanes.delete(streamId);
      return true;
    }
    return false;
  }
}
