import type { JsonObject, Message, MutableJsonObject, Part, ToolResultPart, Warn } from '../../ir/index.ts';
import { movedMediaNote } from '../../ir/moved-media-note.ts';
import type { EncodeQuirks } from '../codec.ts';
import { encodeAssistant } from './encode-assistant.ts';
import { compactContent, encodeMedia, encodePart } from './encode-content.ts';
import { encodeToolError } from './tool-error.ts';
import { dialectId } from './wire.ts';

/** Turns -> `messages`. */
export function encodeMessages(messages: readonly Message[], quirks: EncodeQuirks, warn: Warn): JsonObject[] {
  const wire = joinCallTurns(messages).flatMap((message) => encodeMessage(message, quirks, warn));
  return answersFirst(wire);
}

/** Assistant turns that follow each other become one when calls are among them: servers want all answers after all calls. */
function joinCallTurns(messages: readonly Message[]): Message[] {
  const joined: Message[] = [];
  let open: { readonly first: Message; readonly content: Part[]; calls: boolean; reasons: boolean } | undefined;
  for (const message of messages) {
    if (message.role !== 'assistant') {
      joined.push(message);
      open = undefined;
      continue;
    }
    const calls = holdsCall(message);
    if (open !== undefined && (open.reasons || open.calls || calls)) {
      // Grown in place: thousands of calls, each in a turn of its own, are one turn here.
      for (const part of message.content) open.content.push(part);
      open.reasons &&= message.content.every((part) => part.type === 'reasoning');
      open.calls ||= calls;
      joined[joined.length - 1] = { ...open.first, content: open.content };
      continue;
    }
    joined.push(message);
    open = { first: message, content: [...message.content], calls, reasons: onlyReasons(message) };
  }
  return joined;
}

const holdsCall = (message: Message): boolean => message.content.some((part) => part.type === 'tool-call');
const onlyReasons = (message: Message): boolean =>
  message.content.length > 0 && message.content.every((part) => part.type === 'reasoning');

const isForeign = ({ content }: Message): boolean =>
  content.length > 0 && content.every((part) => part.type === 'opaque' && part.dialect !== dialectId);

function encodeMessage(message: Message, quirks: EncodeQuirks, warn: Warn): JsonObject[] {
  if (isForeign(message)) {
    // Servers refuse a message with nothing in it; each item is told of.
    encodeParts(message, placesOf(message), warn);
    return [];
  }
  switch (message.role) {
    case 'assistant': {
      const wire = encodeAssistant(message, quirks, warn);
      // Servers refuse a message with nothing in it, which is what is left of reasoning that does not go back.
      return onlyReasons(message) && Object.keys(wire).length === 2 && wire['content'] === '' ? [] : [wire];
    }
    case 'user':
      return encodeUser(message, warn);
    case 'developer':
    case 'system': {
      const role = quirks.noDeveloperRole === true ? 'system' : message.role;
      return [named({ role, content: encodeParts(message, placesOf(message), warn) }, message)];
    }
  }
}

function named(wire: MutableJsonObject, message: Message): JsonObject {
  if (message.name !== undefined) wire['name'] = message.name;
  return wire;
}

/** A part, and where it stands. */
interface PlacedPart {
  readonly part: Part;
  readonly path: string;
}

function placesOf({ content, path }: Message): PlacedPart[] {
  return content.map((part, index) => ({ part, path: `${path}.content[${index}]` }));
}

function encodeParts(message: Message, parts: readonly PlacedPart[], warn: Warn): string | readonly JsonObject[] {
  return compactContent(listParts(message, parts, warn));
}

function listParts({ role }: Message, parts: readonly PlacedPart[], warn: Warn): JsonObject[] {
  const encoded: JsonObject[] = [];
  for (const { part, path } of parts) {
    const wire = encodePart(part, { role, path }, warn);
    if (wire !== undefined) encoded.push(wire);
  }
  return encoded;
}

/** Results first, as tool messages; then what a tool message cannot hold, and the rest of the turn. */
function encodeUser(message: Message, warn: Warn): JsonObject[] {
  const places = placesOf(message);
  const rest = places.filter(({ part }) => part.type !== 'tool-result');
  if (rest.length === places.length)
    return [named({ role: 'user', content: encodeParts(message, rest, warn) }, message)];
  const media: JsonObject[] = [];
  const wire: JsonObject[] = [];
  for (const { part, path } of places) {
    if (part.type === 'tool-result') wire.push(encodeResult(part, path, media, warn));
  }
  const parts = [...media, ...listParts(message, rest, warn)];
  if (parts.length > 0) wire.push(named({ role: 'user', content: compactContent(parts) }, message));
  return wire;
}

/** A tool message holds text only: media goes to `media`, the parts of a user message that follows, with a note. */
function encodeResult(result: ToolResultPart, path: string, media: JsonObject[], warn: Warn): JsonObject {
  const texts: string[] = [];
  const moved: JsonObject[] = [];
  for (const [index, part] of result.content.entries()) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.type === 'opaque') texts.push(JSON.stringify(part.value));
    else {
      const encoded = encodeMedia(part, `${path}.content[${index}]`, warn);
      if (encoded !== undefined) moved.push(encoded);
    }
  }
  if (moved.length > 0) {
    texts.push('[The media of this result follows in the next user message.]');
    media.push({ type: 'text', text: movedMediaNote(result.callId) }, ...moved);
  }
  const marked = encodeToolError(texts, result.isError).map((text) => ({ type: 'text', text }));
  return { role: 'tool', tool_call_id: result.callId, content: compactContent(marked) };
}

/** Moves tool messages up to the assistant message they answer; servers reject anything in between. */
function answersFirst(messages: readonly JsonObject[]): JsonObject[] {
  const ordered: JsonObject[] = [];
  let waiting = new Set<unknown>();
  let held: JsonObject[] = [];
  for (const message of messages) {
    if (message['role'] === 'assistant') {
      ordered.push(...held, message);
      held = [];
      waiting = callIds(message);
    } else if (message['role'] === 'tool' && waiting.delete(message['tool_call_id'])) {
      ordered.push(message);
    } else if (waiting.size > 0) {
      held.push(message);
    } else {
      ordered.push(...held, message);
      held = [];
    }
  }
  return [...ordered, ...held];
}

function callIds(message: JsonObject): Set<unknown> {
  const calls = message['tool_calls'];
  return new Set(Array.isArray(calls) ? calls.map((call: JsonObject) => call['id']) : []);
}
