/** One writer per kind of block: turns its deltas into the events of an output item or content part. */
import { unwrapCustomInput } from '../../ir/custom-tool.ts';
import {
  type Citation,
  type GenerationEvent,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Signature,
} from '../../ir/index.ts';
import type { Level } from '../../ir/wire-level.ts';
import { encodeSources } from './annotations.ts';
import type { FrameWriter } from './frame-writer.ts';
import { type CallIdentity, callItem, messageItem, reasoningItem, refusalPart, textPart } from './output-items.ts';
import { DIALECT } from './wire.ts';
import type { OutputText, ReasoningItem, Refusal, SummaryText } from './wire-types.ts';

/** Where finished items go, by output index. */
export type Output = (JsonObject | undefined)[];

/** Feeds one open block; each method returns the text to send. */
export interface BlockWriter {
  delta(text: string, logprobs?: readonly JsonValue[]): string;
  /** Other dialects' sources are written at the end of the text, when its length is known. */
  cite(citation: Cited): string;
  sign(signature: Signature): string;
  end(): string;
}

type ContentPart = Level<OutputText> | Refusal;
type PartPlace = { readonly item_id: string; readonly output_index: number; readonly content_index: number };
type SummaryPlace = { readonly item_id: string; readonly output_index: number; readonly summary_index: number };

/** A citation as it comes. */
export type Cited = Extract<GenerationEvent, { type: 'text-citation' }>;

const silent = { cite: () => '', sign: () => '' };

/** An open message item; its text blocks are its content parts. */
export interface MessageWriter {
  openText(): { readonly text: string; readonly block: BlockWriter };
  openRefusal(): { readonly text: string; readonly block: BlockWriter };
  /** No part will be added any more: finishes the item now, or when its last open part ends. */
  seal(): string;
}

/** Opens a message item at an output index; `text` is what announces it. */
export function openMessage(
  frames: FrameWriter,
  output: Output,
  id: string,
  index: number,
  onTextSigned: (signature: Signature) => string,
): { readonly text: string; readonly message: MessageWriter } {
  const parts: JsonObject[] = [];
  let open = 0;
  let sealed = false;
  const finish = (): string => {
    const item = messageItem(id, 'completed', parts);
    output[index] = item;
    return frames.frame('response.output_item.done', { output_index: index, item });
  };
  const openPart = (place: PartPlace, part: ContentPart): string => {
    open++;
    return frames.frame('response.content_part.added', { ...place, part });
  };
  const endPart = (place: PartPlace, contentIndex: number, part: ContentPart): string => {
    open--;
    parts[contentIndex] = part;
    const done = frames.frame('response.content_part.done', { ...place, part });
    return sealed && open === 0 ? done + finish() : done;
  };
  let count = 0;
  const nextPlace = (): { place: PartPlace; contentIndex: number } => {
    const contentIndex = count++;
    return { contentIndex, place: { item_id: id, output_index: index, content_index: contentIndex } };
  };
  const message: MessageWriter = {
    openText() {
      const { place, contentIndex } = nextPlace();
      const end = (part: ContentPart): string => endPart(place, contentIndex, part);
      return { text: openPart(place, textPart('', [], [])), block: textWriter(frames, place, end, onTextSigned) };
    },
    openRefusal() {
      const { place, contentIndex } = nextPlace();
      const end = (part: ContentPart): string => endPart(place, contentIndex, part);
      return { text: openPart(place, refusalPart('')), block: refusalWriter(frames, place, end) };
    },
    seal() {
      sealed = true;
      return open === 0 && output[index] === undefined ? finish() : '';
    },
  };
  const item = messageItem(id, 'in_progress', []);
  return { text: frames.frame('response.output_item.added', { output_index: index, item }), message };
}

function textWriter(
  frames: FrameWriter,
  place: PartPlace,
  endPart: (part: ContentPart) => string,
  onSigned: (signature: Signature) => string,
): BlockWriter {
  const head = frames.deltaHead('response.output_text.delta', { ...place, logprobs: [] });
  const annotations: JsonValue[] = [];
  const foreign: Citation[] = [];
  const allLogprobs: JsonValue[] = [];
  const annotate = (annotation: JsonValue): string => {
    const annotation_index = annotations.push(annotation) - 1;
    const shown = isJsonObject(annotation) ? annotation : null;
    return frames.frame('response.output_text.annotation.added', { ...place, annotation_index, annotation: shown });
  };
  let written = '';
  let signature: Signature | undefined;
  return {
    delta(text, logprobs) {
      written += text;
      if (logprobs === undefined) return frames.delta(head, text);
      allLogprobs.push(...logprobs);
      return frames.frame('response.output_text.delta', { ...place, delta: text, logprobs });
    },
    cite({ dialect, citation, sources }) {
      if (dialect === DIALECT) return annotate(citation);
      foreign.push(...(sources ?? []));
      return '';
    },
    sign(value) {
      signature = value;
      return '';
    },
    end() {
      const cited = foreign.length === 0 ? '' : encodeSources(foreign, written).map(annotate).join('');
      const done = frames.frame('response.output_text.done', { ...place, text: written, logprobs: allLogprobs });
      const ended = cited + done + endPart(textPart(written, annotations, allLogprobs));
      return ended + (signature === undefined ? '' : onSigned(signature));
    },
  };
}

function refusalWriter(frames: FrameWriter, place: PartPlace, endPart: (part: ContentPart) => string): BlockWriter {
  const head = frames.deltaHead('response.refusal.delta', place);
  let written = '';
  return {
    ...silent,
    delta(text) {
      written += text;
      return frames.delta(head, text);
    },
    end: () => frames.frame('response.refusal.done', { ...place, refusal: written }) + endPart(refusalPart(written)),
  };
}

/** Opens a reasoning item. */
export function openReasoning(
  frames: FrameWriter,
  output: Output,
  id: string,
  index: number,
  redacted: boolean,
): { readonly text: string; readonly block: BlockWriter } {
  const place = { item_id: id, output_index: index, summary_index: 0 };
  const head = frames.deltaHead('response.reasoning_summary_text.delta', place);
  const empty: SummaryText = { type: 'summary_text', text: '' };
  let written = '';
  let signature: Signature | undefined;
  const block: BlockWriter = {
    cite: () => '',
    delta(text) {
      const first =
        written === '' ? frames.frame('response.reasoning_summary_part.added', { ...place, part: empty }) : '';
      written += text;
      return first + frames.delta(head, text);
    },
    sign(value) {
      signature = value;
      return '';
    },
    end() {
      const item = reasoningItem(id, written, signature, redacted);
      output[index] = item;
      const summary = written === '' ? '' : endSummary(frames, place, written);
      return summary + frames.frame('response.output_item.done', { output_index: index, item });
    },
  };
  const item: ReasoningItem = { ...reasoningItem(id, '', undefined, false), status: 'in_progress' };
  return { text: frames.frame('response.output_item.added', { output_index: index, item }), block };
}

function endSummary(frames: FrameWriter, place: SummaryPlace, summary: string): string {
  const done = frames.frame('response.reasoning_summary_text.done', { ...place, text: summary });
  const part: SummaryText = { type: 'summary_text', text: summary };
  return done + frames.frame('response.reasoning_summary_part.done', { ...place, part });
}

/**
 * Opens a tool call. `wrapped`: the input of a custom tool comes as a function's arguments and is unwrapped at the end.
 * `onSigned` writes the signature, behind the call: clients keep items in the order in which they are done.
 */
export function openCall(
  frames: FrameWriter,
  output: Output,
  call: CallIdentity,
  index: number,
  wrapped: boolean,
  onSigned: (signature: Signature) => string,
): { readonly text: string; readonly block: BlockWriter } {
  const place = { item_id: call.id, output_index: index };
  const head = frames.deltaHead(
    call.custom ? 'response.custom_tool_call_input.delta' : 'response.function_call_arguments.delta',
    place,
  );
  let written = '';
  let signature: Signature | undefined;
  const finish = (input: string, held: boolean): string => {
    const item = callItem(call, 'completed', input);
    output[index] = item;
    const done = (): string =>
      call.custom
        ? frames.frame('response.custom_tool_call_input.done', { ...place, input })
        : frames.frame('response.function_call_arguments.done', { ...place, name: call.tool.name, arguments: input });
    return (
      (held && input !== '' ? frames.delta(head, input) : '') +
      done() +
      frames.frame('response.output_item.done', { output_index: index, item }) +
      (signature === undefined ? '' : onSigned(signature))
    );
  };
  const block: BlockWriter = {
    cite: () => '',
    sign(value) {
      signature = value;
      return '';
    },
    delta(text) {
      written += text;
      return wrapped ? '' : frames.delta(head, text);
    },
    end() {
      if (wrapped) return finish(unwrapCustomInput(written), true);
      // Clients parse the arguments; a call without any must still hold an object.
      return written === '' && !call.custom ? finish('{}', true) : finish(written, false);
    },
  };
  const item = callItem(call, 'in_progress', '');
  return { text: frames.frame('response.output_item.added', { output_index: index, item }), block };
}
