import type { ServerToolPart } from '../../ir/index.ts';
import { answersServerTool, joinServerTool } from '../../ir/server-tool.ts';
import type { FrameWriter } from './frame-writer.ts';
import { progressEvents, serverToolItem, serverToolPrefix } from './server-tools.ts';
import type { Output } from './stream-blocks.ts';

/** Where the next item goes and how it is called. */
export interface ItemPlaces {
  next(): number;
  id(prefix: string, index: number): string;
}

interface OpenTool {
  readonly part: ServerToolPart;
  readonly id: string;
  readonly index: number;
}

/** Writes other providers' server tools: one item for a call and the result that comes for it later. */
export class ServerToolWriter {
  readonly #frames: FrameWriter;
  readonly #output: Output;
  readonly #places: ItemPlaces;
  #open: readonly OpenTool[] = [];

  constructor(frames: FrameWriter, output: Output, places: ItemPlaces) {
    this.#frames = frames;
    this.#output = output;
    this.#places = places;
  }

  /** Undefined when there is no form for the part here. */
  write(part: ServerToolPart): string | undefined {
    const call = this.#open.find((open) => answersServerTool(open.part, part));
    if (call !== undefined) return this.#finish({ ...call, part: joinServerTool(call.part, part) });
    if (serverToolItem(part, '', 'completed') === undefined) return undefined;
    const index = this.#places.next();
    const open = { part, index, id: this.#places.id(serverToolPrefix(part), index) };
    const begun = this.#begin(open);
    if (part.phase !== 'call') return begun + this.#finish(open);
    this.#open = [...this.#open, open];
    return begun;
  }

  /** Ends the calls whose results never came. */
  end(): string {
    return this.#open.map((open) => this.#finish(open)).join('');
  }

  #begin({ part, id, index: output_index }: OpenTool): string {
    const item = serverToolItem(part, id, 'in_progress');
    if (item === undefined) return '';
    const added = this.#frames.frame('response.output_item.added', { output_index, item });
    const progress = progressEvents(item.type).begin.map((type) =>
      this.#frames.frame(type, { output_index, item_id: id }),
    );
    return added + progress.join('');
  }

  #finish({ part, id, index: output_index }: OpenTool): string {
    this.#open = this.#open.filter((open) => open.index !== output_index);
    const item = serverToolItem(part, id, 'completed');
    if (item === undefined) return '';
    this.#output[output_index] = item;
    return (
      this.#frames.frame(progressEvents(item.type).end, { output_index, item_id: id }) +
      this.#frames.frame('response.output_item.done', { output_index, item })
    );
  }
}
