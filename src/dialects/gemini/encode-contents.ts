import type { JsonObject, Message, Part, ServerToolPart, ToolCallPart, ToolResultPart, Warn } from '../../ir/index.ts';
import { instructionReminder } from '../../ir/instruction-reminder.ts';
import { serverToolText } from '../../ir/server-tool.ts';
import { encodeCall, hasObjectArguments, upstreamSignature } from './encode-part.ts';
import { encodeMedia } from './media.ts';
import { type Pairing, pairResults } from './pair-results.ts';
import { encodeForeignTool } from './server-tools.ts';
import { encodeOutput } from './tool-result.ts';
import { DIALECT, objectOf } from './wire.ts';

/** What the contents depend on beyond the messages. */
export interface ContentsContext {
  /** The name Gemini is given for a tool. */
  readonly wireName: (name: string) => string;
  /** Media may stand inside a `functionResponse` (Gemini 3); older models take them only beside it. */
  readonly nestedMedia: boolean;
  readonly warn: Warn;
}

/** `systemInstruction` and `contents` of a request. */
export interface EncodedContents {
  readonly systemInstruction?: JsonObject;
  readonly contents: readonly JsonObject[];
}

/**
 * Google's documented value for a call that Gemini did not make itself. Gemini 3 answers 400 when the first call of a
 * turn has no signature, and a signature cannot be made up. https://ai.google.dev/gemini-api/docs/thought-signatures
 */
const NO_SIGNATURE = 'skip_thought_signature_validator';

const isInstruction = (message: Message): boolean => message.role === 'system' || message.role === 'developer';

/** Messages -> `systemInstruction` and `contents`. */
export function encodeContents(messages: readonly Message[], context: ContentsContext): EncodedContents {
  const first = messages.findIndex((message) => !isInstruction(message));
  const leading = first < 0 ? messages : messages.slice(0, first);
  const system = leading.flatMap((message) => new TurnWriter(context).plainParts(message));
  const writer = new TurnWriter(context, pairResults(messages));
  for (const message of first < 0 ? [] : messages.slice(first)) writer.write(message);
  const contents = writer.finish();
  // Gemini refuses a request without contents: instructions alone are then the user's text.
  if (contents.length === 0 && system.length > 0) return { contents: [{ role: 'user', parts: system }] };
  return { ...(system.length === 0 ? {} : { systemInstruction: { parts: system } }), contents };
}

/** Writes turns that alternate: same-role messages merged, results right behind their calls. */
class TurnWriter {
  readonly #context: ContentsContext;
  readonly #pairing: Pairing;
  readonly #contents: { role: 'user' | 'model'; parts: JsonObject[] }[] = [];
  /** Calls of the open model turn, with the path to name in warnings. */
  #calls: { readonly call: ToolCallPart; readonly path: string }[] = [];

  constructor(context: ContentsContext, pairing: Pairing = { results: new Map(), paths: new Map() }) {
    this.#context = context;
    this.#pairing = pairing;
  }

  write(message: Message): void {
    if (message.name !== undefined) this.#context.warn(`${message.path}.name`, 'Gemini has no names of participants');
    const parts = this.plainParts(message);
    if (message.role === 'assistant') {
      this.#append('model', parts);
      return;
    }
    this.#answerCalls();
    this.#append('user', isInstruction(message) ? parts.map(asReminder) : parts);
  }

  finish(): readonly JsonObject[] {
    this.#answerCalls();
    if (this.#contents[0]?.role === 'model') this.#contents.unshift({ role: 'user', parts: [{ text: '' }] });
    return this.#contents;
  }

  /** The parts of a message, paired results left out: they are written behind their calls. */
  plainParts(message: Message): JsonObject[] {
    return message.content.flatMap((part, index) => this.#part(part, `${message.path}.content[${index}]`));
  }

  #append(role: 'user' | 'model', parts: readonly JsonObject[]): void {
    if (parts.length === 0) return;
    const last = this.#contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else this.#contents.push({ role, parts: [...parts] });
  }

  /** Ends a model turn: one `functionResponse` for each of its calls, in their order, then media that stand beside. */
  #answerCalls(): void {
    const calls = this.#calls;
    this.#calls = [];
    const answers = calls.map(({ call, path }) => this.#answer(call, path));
    this.#append('user', [...answers.map((answer) => answer.response), ...answers.flatMap((answer) => answer.beside)]);
  }

  #answer(call: ToolCallPart, path: string): { response: JsonObject; beside: readonly JsonObject[] } {
    const result = this.#pairing.results.get(call);
    const head = { ...(call.id === '' ? {} : { id: call.id }), name: this.#context.wireName(call.name) };
    if (result === undefined) {
      this.#context.warn(path, 'the call has no result; Gemini demands one and is told that it is missing');
      return { response: { functionResponse: { ...head, response: { error: 'no result was given' } } }, beside: [] };
    }
    const { text, media } = this.#resultContent(result, this.#pairing.paths.get(result) ?? path);
    const own = objectOf(result.extensions?.[DIALECT] ?? {}, 'functionResponse');
    const response = { ...head, response: encodeOutput(text, result.isError), ...own };
    if (media.length === 0) return { response: { functionResponse: response }, beside: [] };
    if (!this.#context.nestedMedia) return { response: { functionResponse: response }, beside: media };
    return { response: { functionResponse: { ...response, parts: media } }, beside: [] };
  }

  #resultContent(result: ToolResultPart, path: string): { readonly text: string; readonly media: JsonObject[] } {
    const texts: string[] = [];
    const media: JsonObject[] = [];
    for (const [index, part] of result.content.entries()) {
      if (part.type === 'text') texts.push(part.text);
      else if (part.type === 'media' && part.source.type === 'text') texts.push(part.source.text);
      else media.push(...this.#part(part, `${path}.content[${index}]`));
    }
    return { text: texts.join('\n'), media };
  }

  #part(part: Part, path: string): JsonObject[] {
    switch (part.type) {
      case 'text': {
        const signature = upstreamSignature(part.signature);
        return part.text === '' && signature.thoughtSignature === undefined ? [] : [{ text: part.text, ...signature }];
      }
      case 'refusal':
        return part.text === '' ? [] : [{ text: part.text }];
      case 'media':
        if (part.title !== undefined) this.#context.warn(`${path}.title`, 'Gemini has no titles of documents');
        return this.#media(encodeMedia(part), path, {
          ...part.extensions?.[DIALECT],
          ...upstreamSignature(part.signature),
        });
      case 'reasoning':
        if (part.signature?.origin === DIALECT || (part.signature === undefined && part.text !== '')) {
          return [{ text: part.text, thought: true, ...upstreamSignature(part.signature) }];
        }
        this.#context.warn(path, 'reasoning of another provider means nothing to Gemini');
        return [];
      case 'tool-call':
        return [this.#call(part, path)];
      case 'tool-result':
        return this.#pairing.paths.has(part) ? [] : this.#orphan(part, path);
      case 'server-tool':
        return this.#serverTool(part, path);
      case 'opaque':
        if (part.dialect === DIALECT) return [part.value];
        if (part.carried === true) return [];
        this.#context.warn(path, `only ${part.dialect} knows this part`);
        return [];
    }
  }

  #serverTool(part: ServerToolPart, path: string): JsonObject[] {
    if (part.origin === DIALECT && part.value !== undefined) return [part.value];
    const parts = encodeForeignTool(part);
    if (parts.length > 0) return parts;
    const text = serverToolText(part);
    if (text !== undefined) return [{ text }];
    this.#context.warn(path, `this ${part.tool} of ${part.origin} cannot be told in words`);
    return [];
  }

  #media(media: JsonObject | string, path: string, signature: JsonObject): JsonObject[] {
    if (typeof media !== 'string') return [{ ...media, ...signature }];
    this.#context.warn(path, media);
    return [];
  }

  #call(call: ToolCallPart, path: string): JsonObject {
    if (!hasObjectArguments(call)) this.#context.warn(path, 'the arguments are no JSON object; sent as args._raw');
    const own = upstreamSignature(call.signature);
    const signature = this.#calls.length === 0 ? { thoughtSignature: NO_SIGNATURE, ...own } : own;
    this.#calls.push({ call, path });
    return { ...encodeCall(call, this.#context.wireName(call.name)), ...signature };
  }

  #orphan(result: ToolResultPart, path: string): JsonObject[] {
    this.#context.warn(path, 'the result answers no call; sent as user text');
    const { text, media } = this.#resultContent(result, path);
    const label = result.name === undefined ? 'Tool result' : `Result of tool ${result.name}`;
    return [{ text: `${label}: ${text}` }, ...media];
  }
}

function asReminder(part: JsonObject): JsonObject {
  return typeof part['text'] === 'string' ? { text: instructionReminder(part['text']) } : part;
}
