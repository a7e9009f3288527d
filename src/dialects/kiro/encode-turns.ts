import { wrapCustomInput } from '../../ir/custom-tool.ts';
import type { JsonObject, MediaPart, Message, Part, ToolCallPart, ToolResultPart, Warn } from '../../ir/index.ts';
import { instructionReminder } from '../../ir/instruction-reminder.ts';
import { parseJsonObject } from '../../ir/read.ts';
import { serverToolText } from '../../ir/server-tool.ts';
import { encodeImage } from './encode-media.ts';

/** One side's turn, however many messages it came in. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  /** Never blank; joined by an empty line. */
  readonly texts: string[];
  readonly images: JsonObject[];
  readonly results: JsonObject[];
  readonly calls: JsonObject[];
}

/** Messages without instructions in front of them, with the names of the wire -> turns that alternate. */
export function encodeTurns(messages: readonly Message[], warn: Warn): Turn[] {
  const writer = new TurnWriter(warn);
  for (const message of messages) writer.write(message);
  return writer.turns;
}

/** Text parts of instructions, in their order. */
export function instructionTexts(messages: readonly Message[], warn: Warn): string[] {
  const turn = emptyTurn('user');
  const writer = new TurnWriter(warn);
  for (const message of messages) writer.fill(turn, { ...message, role: 'user' });
  return turn.texts;
}

function emptyTurn(role: Turn['role']): Turn {
  return { role, texts: [], images: [], results: [], calls: [] };
}

function isEmpty({ texts, images, results, calls }: Turn): boolean {
  return texts.length + images.length + results.length + calls.length === 0;
}

class TurnWriter {
  readonly turns: Turn[] = [];
  readonly #warn: Warn;

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  write(message: Message): void {
    if (message.name !== undefined) this.#warn(`${message.path}.name`, 'Kiro has no names of participants');
    const turn = emptyTurn(message.role === 'assistant' ? 'assistant' : 'user');
    this.fill(turn, message);
    // What is left of reasoning that does not go back.
    if (isEmpty(turn)) return;
    const last = this.turns.at(-1);
    if (last?.role !== turn.role) {
      this.turns.push(turn);
      return;
    }
    last.texts.push(...turn.texts);
    last.images.push(...turn.images);
    last.results.push(...turn.results);
    last.calls.push(...turn.calls);
  }

  /** The texts of one message are one text. */
  fill(turn: Turn, message: Message): void {
    const texts: string[] = [];
    for (const [index, part] of message.content.entries())
      this.#part(part, `${message.path}.content[${index}]`, turn, texts);
    const text = texts.join(turn.role === 'assistant' ? '' : '\n');
    if (text.trim() === '') return;
    const isInstruction = message.role === 'system' || message.role === 'developer';
    turn.texts.push(isInstruction ? instructionReminder(text) : text);
  }

  #part(part: Part, path: string, turn: Turn, texts: string[]): void {
    switch (part.type) {
      case 'text':
      case 'refusal':
        texts.push(part.text);
        return;
      case 'media':
        this.#media(part, path, turn, texts);
        return;
      case 'tool-call':
        if (turn.role === 'assistant') turn.calls.push(encodeCall(part));
        else this.#warn(path, 'a tool call can only stand in an assistant message');
        return;
      case 'tool-result':
        if (turn.role === 'user') turn.results.push(this.#result(part, path, turn));
        else this.#warn(path, 'a tool result cannot stand in an assistant message');
        return;
      case 'server-tool': {
        const text = serverToolText(part);
        if (text === undefined) this.#warn(path, `this ${part.tool} of ${part.origin} cannot be told in words`);
        else texts.push(text);
        return;
      }
      case 'reasoning':
        this.#warn(path, 'Kiro takes no reasoning of earlier turns');
        return;
      case 'opaque':
        if (part.carried !== true) this.#warn(path, `only ${part.dialect} knows this part`);
        return;
    }
  }

  #media(part: MediaPart, path: string, turn: Turn, texts: string[]): void {
    if (part.source.type === 'text') {
      texts.push(part.source.text);
      return;
    }
    const image = encodeImage(part);
    if (typeof image === 'string') this.#warn(path, image);
    else if (turn.role === 'assistant') this.#warn(path, 'Kiro takes images from the user only');
    else turn.images.push(image);
  }

  /** A result is text alone: its images stand beside it. */
  #result({ callId, content, isError }: ToolResultPart, path: string, turn: Turn): JsonObject {
    const texts: string[] = [];
    for (const [index, part] of content.entries()) this.#part(part, `${path}.content[${index}]`, turn, texts);
    const text = texts.join('\n');
    const told = text.trim() === '' ? '(no output)' : text;
    return { toolUseId: callId, status: isError ? 'error' : 'success', content: [{ text: told }] };
  }
}

/** `input` must be an object; `_raw` holds arguments that are none. */
function encodeCall({ id, name, kind, arguments: text }: ToolCallPart): JsonObject {
  return { toolUseId: id, name, input: kind === 'custom' ? wrapCustomInput(text) : objectOf(text) };
}

function objectOf(text: string): JsonObject {
  return text.trim() === '' ? {} : (parseJsonObject(text) ?? { _raw: text });
}
