/** What tells a conversation apart when nobody names it, read from the beginning of a body in any dialect. */
import { findMember, type JsonMember, type ScannedObject } from '../json-splice.ts';
import { JsonWindow } from '../json-window.ts';

/** The beginning of a conversation: what stands the same in the body of each of its turns. */
export interface Opening {
  readonly system: readonly string[];
  readonly user: readonly string[];
  /** Empty on the first turn. */
  readonly assistant: readonly string[];
  /** More was said than was looked at. */
  readonly isCut: boolean;
}

/** No body is looked into further than this, and no text is read further than its first characters. */
const WINDOW_BYTES = 64 * 1024;
const MOST_ITEMS = 64;
/** What a client is comes first. */
const SYSTEM_TEXTS = 2;
const SYSTEM_CHARS = 100;
/** Agents put the same preface before the words of every user. */
const USER_TEXTS = 8;
const USER_CHARS = 300;
const ASSISTANT_TEXTS = 1;
const ASSISTANT_CHARS = 100;
const ROLE_CHARS = 16;
/** Claude Code's note to Anthropic's accounting differs with every prompt. */
const ATTRIBUTION = 'x-anthropic-billing-header:';

const OPEN = 0x7b;
const OPEN_LIST = 0x5b;

const SYSTEM_MEMBERS = ['system', 'instructions', 'systemInstruction', 'system_instruction'];
const MESSAGE_MEMBERS = ['messages', 'input', 'contents', 'prompt'];

/** The beginning of the conversation in a request's body; undefined when no user speaks in it. */
export function openingIn(body: ScannedObject): Opening | undefined {
  const messages = firstOf(body, MESSAGE_MEMBERS);
  if (messages === undefined) return undefined;
  const found: Speeches = { system: [], user: [], assistant: [] };
  listen(windowOn(body, messages), found);
  if (found.user.length === 0) return undefined;
  const system = firstOf(body, SYSTEM_MEMBERS);
  if (system !== undefined && found.system.length === 0) {
    readTexts(windowOn(body, system), found.system, SYSTEM_TEXTS, SYSTEM_CHARS);
  }
  return { ...found, isCut: messages.valueEnd - messages.valueStart > WINDOW_BYTES };
}

function firstOf(body: ScannedObject, names: readonly string[]): JsonMember | undefined {
  for (const name of names) {
    const member = findMember(body, name);
    if (member !== undefined) return member;
  }
  return undefined;
}

function windowOn({ bytes }: ScannedObject, { valueStart, valueEnd }: JsonMember): JsonWindow {
  return new JsonWindow(bytes.subarray(valueStart, Math.min(valueEnd, valueStart + WINDOW_BYTES)));
}

interface Speeches {
  readonly system: string[];
  readonly user: string[];
  readonly assistant: string[];
}

/** What the user and the assistant said first; what the system said, if it speaks among them. */
function listen(window: JsonWindow, found: Speeches): void {
  const alone = window.text(USER_CHARS);
  if (alone !== undefined) {
    found.user.push(alone);
    return;
  }
  for (let seen = 0; seen < MOST_ITEMS && window.nextItem(seen === 0); seen++) {
    hear(window, found);
    if (found.assistant.length > 0) return;
  }
}

/** One item. */
function hear(window: JsonWindow, found: Speeches): void {
  const text = window.text(USER_CHARS);
  if (text !== undefined) {
    if (found.user.length === 0) found.user.push(text);
    return;
  }
  if (window.bytes[window.at] !== OPEN) {
    window.skip();
    return;
  }
  let role: string | undefined;
  let content = -1;
  let isHeard = false;
  for (let isFirst = true; window.nextMember(isFirst); isFirst = false) {
    if (window.isUnder('role')) role = roleHere(window);
    else if (content >= 0 || !(window.isUnder('content') || window.isUnder('parts'))) window.skip();
    else {
      content = window.at;
      isHeard = role !== undefined;
      if (role === undefined) window.skip();
      else hearContent(window, role, found);
      if (found.assistant.length > 0) return;
    }
  }
  // Whose words these are stood behind them, or nowhere: Gemini's user may go unnamed.
  if (content >= 0 && !isHeard) hearContent(new JsonWindow(window.bytes, content), role ?? 'user', found);
}

function roleHere(window: JsonWindow): string {
  const role = window.text(ROLE_CHARS);
  if (role === undefined) window.skip();
  return role ?? '';
}

/** Leaves the window behind the content, unless the assistant's words end the search. */
function hearContent(window: JsonWindow, role: string, { system, user, assistant }: Speeches): void {
  const start = window.at;
  let isRead = false;
  switch (role) {
    case 'system':
    case 'developer':
      if (user.length === 0 && system.length === 0) isRead = readTexts(window, system, SYSTEM_TEXTS, SYSTEM_CHARS);
      break;
    case 'assistant':
    case 'model':
      // What it said before the user is part of the client's prompt.
      if (user.length === 0) break;
      isRead = readTexts(window, assistant, ASSISTANT_TEXTS, ASSISTANT_CHARS);
      if (assistant.length > 0) return;
      break;
    case 'user':
      if (user.length > 0) break;
      isRead = readTexts(window, user, USER_TEXTS, USER_CHARS);
      // A first message without a text, such as a picture: the bytes that it begins with.
      if (user.length === 0) user.push(window.bytes.toString('latin1', start, Math.min(window.at, start + USER_CHARS)));
  }
  if (isRead) return;
  window.at = start;
  window.skip();
}

/** The beginnings of the texts in a string, in a list of parts, or in an object that holds such a list; true: of all. */
function readTexts(window: JsonWindow, texts: string[], most: number, chars: number): boolean {
  const alone = window.text(chars);
  if (alone !== undefined) {
    texts.push(alone);
    return true;
  }
  if (window.bytes[window.at] !== OPEN) return readParts(window, texts, most, chars);
  for (let isFirst = true; window.nextMember(isFirst); isFirst = false) {
    if (!window.isUnder('parts')) window.skip();
    else if (!readParts(window, texts, most, chars)) return false;
  }
  return true;
}

function readParts(window: JsonWindow, texts: string[], most: number, chars: number): boolean {
  if (window.bytes[window.at] !== OPEN_LIST) return false;
  for (let isFirst = true; window.nextItem(isFirst); isFirst = false) {
    const text = textOfPart(window, chars);
    if (text === undefined || text.startsWith(ATTRIBUTION)) continue;
    if (texts.push(text) >= most) return false;
  }
  return true;
}

/** Leaves the window behind the part. */
function textOfPart(window: JsonWindow, chars: number): string | undefined {
  let text = window.text(chars);
  if (text !== undefined) return text;
  if (window.bytes[window.at] !== OPEN) {
    window.skip();
    return undefined;
  }
  for (let isFirst = true; window.nextMember(isFirst); isFirst = false) {
    const found: string | undefined = text === undefined && window.isUnder('text') ? window.text(chars) : undefined;
    if (found === undefined) window.skip();
    text ??= found;
  }
  return text;
}
