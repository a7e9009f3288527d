/** Generation events -> Responses SSE. https://platform.openai.com/docs/api-reference/responses-streaming */
import type { ProxyError } from '../../errors.ts';
import { toldUsage } from '../../ir/estimated-usage.ts';
import type {
  FinishReason,
  GenerationEvent,
  JsonObject,
  Signature,
  TranslationWarning,
  Usage,
} from '../../ir/index.ts';
import { LossNotes } from '../../ir/loss-notes.ts';
import type { ReplyContext, StreamEncoder } from '../codec.ts';
import { losesCitations } from './annotations.ts';
import { foreignCitations, noForm, ONE_ANSWER } from './encode-response.ts';
import { errorCode, errorParam, streamMessage } from './errors.ts';
import { createFrameWriter, type FrameWriter } from './frame-writer.ts';
import { carrierItem, createIds, imageItem, type ResponseIds } from './output-items.ts';
import { changingFields, createHead, finishedState, type ResponseHead, type ResponseState } from './response-object.ts';
import {
  type BlockWriter,
  type Cited,
  type MessageWriter,
  type Output,
  openCall,
  openMessage,
  openReasoning,
} from './stream-blocks.ts';
import { ServerToolWriter } from './stream-server-tools.ts';
import { createToolNames, type ToolNames } from './tool-names.ts';
import { encodeUsage } from './usage.ts';
import { DIALECT } from './wire.ts';
import type { StateEvent } from './wire-types.ts';

/** Writes the events of one answer. */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  return new ResponsesStreamEncoder(context);
}

type Start = Extract<GenerationEvent, { type: 'response-start' }>;
type CallStart = Extract<GenerationEvent, { type: 'tool-call-start' }>;
type ReasoningStart = Extract<GenerationEvent, { type: 'reasoning-start' }>;

class ResponsesStreamEncoder implements StreamEncoder {
  readonly #context: ReplyContext;
  readonly #names: ToolNames;
  readonly #frames: FrameWriter;
  readonly #blocks: Map<number, BlockWriter> = new Map();
  readonly #output: Output = [];
  readonly #losses: LossNotes = new LossNotes();
  readonly #tools: ServerToolWriter;
  #ids: ResponseIds | undefined;
  #head: ResponseHead | undefined;
  #echoJson = '';
  #nextIndex = 0;
  #message: MessageWriter | undefined;
  #finishReason: FinishReason = 'stop';
  #refused = false;
  /** Of the texts and calls, for an upstream that does not count tokens. */
  #characters = 0;

  constructor(context: ReplyContext) {
    this.#context = context;
    this.#frames = createFrameWriter(passedEvents(context));
    this.#tools = new ServerToolWriter(this.#frames, this.#output, {
      next: () => this.#nextIndex++,
      id: (prefix, index) => this.#id(prefix, index),
    });
    this.#names = createToolNames(context.request.tools);
  }

  push(event: GenerationEvent): string {
    // This dialect has one candidate; blocks of others are never opened, so their deltas find no writer.
    if ('candidate' in event && event.candidate > 0) return this.#losses.add('candidates', ONE_ANSWER);
    switch (event.type) {
      case 'response-start':
        return this.#start(event);
      case 'text-start':
        return this.#openContent(event.block, (message) => message.openText());
      case 'refusal-start':
        this.#refused = true;
        return this.#openContent(event.block, (message) => message.openRefusal());
      case 'reasoning-start':
        return this.#openReasoning(event);
      case 'tool-call-start':
        return this.#openCall(event);
      case 'text-delta':
        this.#characters += event.text.length;
        return this.#blocks.get(event.block)?.delta(event.text, event.logprobs) ?? '';
      case 'refusal-delta':
      case 'reasoning-delta':
        this.#characters += event.text.length;
        return this.#blocks.get(event.block)?.delta(event.text) ?? '';
      case 'tool-call-delta':
        this.#characters += event.arguments.length;
        return this.#blocks.get(event.block)?.delta(event.arguments) ?? '';
      case 'text-citation':
        return this.#cite(event);
      case 'block-signature':
        return this.#blocks.get(event.block)?.sign(event.signature) ?? '';
      case 'block-end':
        return this.#endBlock(event.block);
      case 'media':
        return this.#wholeItem((index) => imageItem(this.#id('ig', index), event.part)) || this.#lose(event);
      case 'server-tool':
        return this.#serverTool(event);
      case 'opaque':
        return event.dialect === DIALECT ? this.#wholeItem(() => event.value) : this.#lose(event);
      case 'candidate-end':
        this.#finishReason = event.finishReason;
        return '';
      case 'response-end':
        return this.#end(event.usage);
    }
  }

  warnings(): readonly TranslationWarning[] {
    return this.#losses.list();
  }

  #cite(event: Cited): string {
    const { block, dialect, sources } = event;
    if (losesCitations(dialect, sources))
      this.#losses.add(`candidates[0].content[${block}].citations`, foreignCitations(dialect));
    return this.#blocks.get(block)?.cite(event) ?? '';
  }

  #serverTool(event: Extract<GenerationEvent, { type: 'server-tool' }>): string {
    const { part } = event;
    if (part.origin === DIALECT) return part.value === undefined ? '' : this.#wholeItem(() => part.value);
    const sealed = this.#sealMessage();
    return sealed + (this.#tools.write(part) ?? this.#lose(event));
  }

  #lose(event: { readonly type: string; readonly block: number }): '' {
    return this.#losses.add(`candidates[0].content[${event.block}]`, noForm(event.type));
  }

  fail(error: ProxyError): string {
    const message = streamMessage(error);
    const code = errorCode(error);
    // The SDKs raise on `error`; Codex decides by `response.failed` whether to try again.
    const start =
      this.#head === undefined
        ? this.#begin({ type: 'response-start', id: passedId(this.#context), model: '' })
        : this.#head;
    const plain = this.#frames.frame('error', { code, message, param: errorParam(error) });
    return plain + this.#state('response.failed', start, { status: 'failed', error: { code, message } }, undefined);
  }

  #begin(event: Start): ResponseHead {
    this.#ids = createIds(event.id, this.#context.newId);
    const head = createHead(this.#ids.response, this.#context, event);
    // Tools and instructions may be long and are sent thrice: write them once.
    this.#echoJson = JSON.stringify(head.echo).slice(1, -1);
    this.#head = head;
    return head;
  }

  #start(event: Start): string {
    const head = this.#begin(event);
    const state: ResponseState = { status: 'in_progress' };
    return (
      this.#state('response.created', head, state, undefined) +
      this.#state('response.in_progress', head, state, undefined)
    );
  }

  #state(type: StateEvent['type'], head: ResponseHead, state: ResponseState, usage: Usage | undefined): string {
    const output = this.#output.filter((item) => item !== undefined);
    const changing = JSON.stringify(changingFields(head, state, output)).slice(0, -1);
    const usageJson = usage === undefined ? 'null' : JSON.stringify(encodeUsage(usage));
    return this.#frames.stateFrame(type, `${changing},${this.#echoJson},"usage":${usageJson}}`);
  }

  #id(prefix: string, index: number): string {
    this.#ids ??= createIds('', this.#context.newId);
    return this.#ids.item(prefix, index);
  }

  #openContent(
    block: number,
    open: (message: MessageWriter) => { readonly text: string; readonly block: BlockWriter },
  ): string {
    let text = '';
    if (this.#message === undefined) {
      const index = this.#nextIndex++;
      const signed = (signature: Signature): string => this.#carrier(signature, undefined);
      const opened = openMessage(this.#frames, this.#output, this.#id('msg', index), index, signed);
      this.#message = opened.message;
      text = opened.text;
    }
    const part = open(this.#message);
    this.#blocks.set(block, part.block);
    return text + part.text;
  }

  /** Any other item ends the message, so that the items keep the order of the answer. */
  #sealMessage(): string {
    const message = this.#message;
    this.#message = undefined;
    return message?.seal() ?? '';
  }

  #openReasoning(event: ReasoningStart): string {
    const sealed = this.#sealMessage();
    const index = this.#nextIndex++;
    const id = event.id?.startsWith('rs_') ? event.id : this.#id('rs', index);
    const { text, block } = openReasoning(this.#frames, this.#output, id, index, event.redacted);
    this.#blocks.set(event.block, block);
    return sealed + text;
  }

  #openCall(event: CallStart): string {
    const sealed = this.#sealMessage();
    const index = this.#nextIndex++;
    const wrapped = event.kind === 'function' && this.#names.isCustom(event.name);
    const custom = event.kind === 'custom' || wrapped;
    const callId = event.id === '' ? this.#id('call', index) : event.id;
    const call = { id: this.#id(custom ? 'ctc' : 'fc', index), callId, tool: this.#names.wire(event.name), custom };
    const signed = (signature: Signature): string => this.#carrier(signature, callId);
    const { text, block } = openCall(this.#frames, this.#output, call, index, wrapped, signed);
    this.#blocks.set(event.block, block);
    return sealed + text;
  }

  /** Text and calls have no signature here; another provider's rides in an item of its own. */
  #carrier(signature: Signature, callId: string | undefined): string {
    if (signature.origin === DIALECT) return '';
    return this.#wholeItem((index) => carrierItem(this.#id('rs', index), signature, callId));
  }

  #wholeItem(create: (index: number) => JsonObject | undefined): string {
    const item = create(this.#nextIndex);
    if (item === undefined) return '';
    const sealed = this.#sealMessage();
    const output_index = this.#nextIndex++;
    this.#output[output_index] = item;
    return (
      sealed +
      this.#frames.frame('response.output_item.added', { output_index, item }) +
      this.#frames.frame('response.output_item.done', { output_index, item })
    );
  }

  #endBlock(block: number): string {
    const text = this.#blocks.get(block)?.end() ?? '';
    this.#blocks.delete(block);
    return text;
  }

  #end(usage: Usage): string {
    const open = [...this.#blocks.keys()].map((block) => this.#endBlock(block)).join('');
    const sealed = this.#sealMessage() + this.#tools.end();
    const state = finishedState(this.#finishReason, this.#refused);
    const head = this.#head ?? this.#begin({ type: 'response-start', id: '', model: '' });
    return open + sealed + this.#state(`response.${state.status}`, head, state, this.#told(usage));
  }

  /** A warm-up that generated nothing did cost nothing. */
  #told(usage: Usage): Usage {
    return this.#output.length === 0 ? usage : toldUsage(usage, this.#context.request, this.#characters);
  }
}

/** How many events of a passed-on stream the client has, by their own numbers. */
function passedEvents({ passedOn }: ReplyContext): number {
  const numbers = [...(passedOn?.tail ?? '').matchAll(/"sequence_number"\s*:\s*(\d+)/g)];
  const last = numbers.at(-1)?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}

function passedId({ passedOn }: ReplyContext): string {
  return /"response"\s*:\s*\{[^{}]*?"id"\s*:\s*"([^"]+)"/.exec(passedOn?.head ?? '')?.[1] ?? '';
}
