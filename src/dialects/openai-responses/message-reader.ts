/** A message item of an upstream's stream: each content part is a block. */
import type { JsonObject, JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { decodeSource } from './annotations.ts';
import type { ItemReader, StreamState } from './item-reader.ts';
import { DIALECT, objects, optionalNumber, text } from './wire.ts';

interface ContentReader {
  add(delta: string, logprobs: JsonValue | undefined): void;
  cite(citation: JsonValue): void;
  /** The whole part: emits whatever of it has not come as deltas. */
  complete(part: JsonObject): void;
  end(): void;
}

function openText(state: StreamState): ContentReader {
  const block = state.nextBlock();
  let length = 0;
  let citations = 0;
  let ended = false;
  state.lastText = block;
  state.emit({ type: 'text-start', block, candidate: 0 });
  const reader: ContentReader = {
    add(delta, logprobs) {
      if (delta === '' || ended) return;
      length += delta.length;
      const measured = isJsonArray(logprobs) && logprobs.length > 0;
      state.emit(
        measured ? { type: 'text-delta', block, text: delta, logprobs } : { type: 'text-delta', block, text: delta },
      );
    },
    cite(citation) {
      if (ended) return;
      citations++;
      const sources = decodeSource(citation);
      const known = sources.length > 0 ? { sources } : {};
      state.emit({ type: 'text-citation', block, dialect: DIALECT, citation, ...known });
    },
    complete(part) {
      reader.add(text(part['text']).slice(length), length === 0 ? part['logprobs'] : undefined);
      const annotations = part['annotations'];
      if (isJsonArray(annotations)) for (const item of annotations.slice(citations)) reader.cite(item);
    },
    end() {
      if (ended) return;
      ended = true;
      state.endLater(() => {
        if (state.lastText === block) state.lastText = undefined;
        state.emit({ type: 'block-end', block });
      });
    },
  };
  return reader;
}

function openRefusal(state: StreamState): ContentReader {
  const block = state.nextBlock();
  let length = 0;
  let ended = false;
  state.hasRefusal = true;
  state.emit({ type: 'refusal-start', block, candidate: 0 });
  const reader: ContentReader = {
    add(delta) {
      if (delta === '' || ended) return;
      length += delta.length;
      state.emit({ type: 'refusal-delta', block, text: delta });
    },
    cite() {},
    complete(part) {
      reader.add(text(part['refusal']).slice(length), undefined);
    },
    end() {
      if (!ended) state.emit({ type: 'block-end', block });
      ended = true;
    },
  };
  return reader;
}

/** Reads a message item. */
export function createMessageReader(state: StreamState): ItemReader {
  const parts = new Map<number, ContentReader>();
  const open = (index: number, refusal: boolean): ContentReader => {
    const known = parts.get(index);
    if (known !== undefined) return known;
    const part = refusal ? openRefusal(state) : openText(state);
    parts.set(index, part);
    return part;
  };
  /** A part of a kind that is not known here has no reader. */
  const openPart = (index: number, part: JsonObject): ContentReader | undefined =>
    part['type'] === 'output_text' || part['type'] === 'refusal' ? open(index, part['type'] === 'refusal') : undefined;
  const endAll = (): void => {
    for (const part of parts.values()) part.end();
  };
  return {
    read(type, event) {
      const index = optionalNumber(event['content_index']) ?? 0;
      switch (type) {
        case 'output_text.delta':
          open(index, false).add(text(event['delta']), event['logprobs']);
          return;
        case 'refusal.delta':
          open(index, true).add(text(event['delta']), undefined);
          return;
        case 'output_text.annotation.added':
          open(index, false).cite(event['annotation'] ?? null);
          return;
        case 'output_text.done':
          open(index, false).complete(event);
          return;
        case 'refusal.done':
          open(index, true).complete(event);
          return;
        case 'content_part.added':
        case 'content_part.done':
          readPart(openPart, index, type === 'content_part.done', event);
          return;
      }
    },
    end(item) {
      for (const [index, part] of objects(item['content']).entries()) openPart(index, part)?.complete(part);
      endAll();
    },
    abandon: endAll,
  };
}

function readPart(
  open: (index: number, part: JsonObject) => ContentReader | undefined,
  index: number,
  done: boolean,
  event: JsonObject,
): void {
  const [part] = objects([event['part'] ?? null]);
  const reader = part && open(index, part);
  if (!done || part === undefined) return;
  reader?.complete(part);
  reader?.end();
}
