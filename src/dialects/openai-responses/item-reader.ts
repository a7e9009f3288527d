import type { GenerationEvent, JsonObject } from '../../ir/index.ts';

/** What the items of one stream share. */
export interface StreamState {
  nextBlock(): number;
  emit(event: GenerationEvent): void;
  /** Tool calls by call id and the last text, as long as a carrier item may bring their signature. */
  readonly openCalls: Map<string, number>;
  lastText: number | undefined;
  /** A call or text is complete: `end` tells so once it is certain that no carrier item follows. */
  endLater(end: () => void): void;
  hasCall: boolean;
  hasRefusal: boolean;
}

/** Reads the events of one item. */
export interface ItemReader {
  /** An event of the item other than its end; `type` without the `response.` in front. */
  read(type: string, event: JsonObject): void;
  /** `output_item.done`, or the item as the terminal event has it. */
  end(item: JsonObject): void;
  /** The stream ended before the item did. */
  abandon(): void;
}
