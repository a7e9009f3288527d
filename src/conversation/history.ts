import type { JsonObject } from '../ir/index.ts';
import { answeredId, calledId, continueTranscript, repairToolCalls, type Transcript } from './transcript.ts';

/** How much of a conversation is kept. */
export interface HistoryLimits {
  /** Of the JSON of all kept transcripts; the latest is kept however big it is. */
  readonly maxBytes: number;
}

/** What a request asks to build on. */
export interface NextTurn {
  readonly input: readonly JsonObject[];
  /** The response the client names. */
  readonly previousResponseId: string | undefined;
  /** The response that came last where the request belongs. */
  readonly lastResponseId: string | undefined;
  /** The request is a continuation even if it names no response. */
  readonly continues: boolean;
}

/** The input of a turn, and how it came about. */
export interface ResolvedTurn {
  readonly items: readonly JsonObject[];
  /** The response it continues; undefined for a conversation of its own. */
  readonly previousResponseId: string | undefined;
  /** The items are not just those of the request. */
  readonly changed: boolean;
  /** The request tells its whole story itself: what went before plays no part. */
  readonly replaced: boolean;
  /** `call_id`s of outputs that were left out because nobody knows their call. */
  readonly dropped: readonly string[];
}

const MAX_TRANSCRIPTS = 32;
const MAX_CALLS = 256;

interface Kept {
  readonly transcript: Transcript;
  readonly bytes: number;
}

/** The responses of one connection, so that each request need only bring what is new. */
export class History {
  readonly #maxBytes: number;
  readonly #kept = new Map<string, Kept>();
  readonly #calls = new Map<string, JsonObject>();
  #bytes = 0;

  constructor(limits: HistoryLimits) {
    this.#maxBytes = limits.maxBytes;
  }

  /** Undefined: the response that the request builds on is not known here. */
  resolve(turn: NextTurn): ResolvedTurn | undefined {
    const previousResponseId =
      turn.previousResponseId ?? (this.#isContinuation(turn) ? turn.lastResponseId : undefined);
    const previous = previousResponseId === undefined ? undefined : this.#kept.get(previousResponseId);
    if (previousResponseId !== undefined && previous === undefined) return undefined;
    const joined = previous === undefined ? turn.input : continueTranscript(previous.transcript, turn.input);
    const { items, dropped } = repairToolCalls(joined, this.#calls);
    return {
      items,
      previousResponseId,
      changed: items !== turn.input,
      replaced: previous === undefined || items[0] !== previous.transcript.input[0],
      dropped,
    };
  }

  /** Outputs whose calls the last response made are a continuation, even from a client that does not say so. */
  #isContinuation({ input, lastResponseId, continues }: NextTurn): boolean {
    if (continues) return lastResponseId !== undefined;
    const last = lastResponseId === undefined ? undefined : this.#kept.get(lastResponseId);
    if (last === undefined) return false;
    const calls = new Set(input.flatMap((item) => calledId(item) ?? []));
    const made = new Set(last.transcript.output.flatMap((item) => calledId(item) ?? []));
    return input.some((item) => {
      const id = answeredId(item);
      return id !== undefined && !calls.has(id) && made.has(id);
    });
  }

  /** Keeps a finished turn; `bytes` is the size of its JSON. */
  add(responseId: string, transcript: Transcript, bytes: number): void {
    this.#forget(responseId);
    this.#kept.set(responseId, { transcript, bytes });
    this.#bytes += bytes;
    for (const item of [...transcript.input, ...transcript.output]) this.#rememberCall(item);
    for (const id of this.#kept.keys()) {
      const full = this.#kept.size > MAX_TRANSCRIPTS || this.#bytes > this.#maxBytes;
      if (!full || id === responseId) return;
      this.#forget(id);
    }
  }

  #forget(responseId: string): void {
    this.#bytes -= this.#kept.get(responseId)?.bytes ?? 0;
    this.#kept.delete(responseId);
  }

  #rememberCall(item: JsonObject): void {
    const id = calledId(item);
    if (id === undefined) return;
    // The latest goes to the end, so that the oldest is forgotten first.
    this.#calls.delete(id);
    this.#calls.set(id, item);
    if (this.#calls.size <= MAX_CALLS) return;
    for (const oldest of this.#calls.keys()) {
      this.#calls.delete(oldest);
      return;
    }
  }
}
