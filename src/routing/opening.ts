/** What tells a conversation apart when nobody names it, read from the beginning of a body in any dialect. */
import { findMember, type JsonMember, type ScannedObject } from '../json-splice.ts';
import { itemsAt, membersAt, textAt } from '../json-window.ts';

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
const MOST_TEXTS = 8;
const SYSTEM_CHARS = 100;
/** Agents put the same preface before the words of every user. */
const USER_CHARS = 300;
const ASSISTANT_CHARS = 100;
/** Claude Code's note to Anthropic's accounting differs with every prompt. */
const ATTRIBUTION = 'x-anthropic-billing-header:';

const SYSTEM_MEMBERS = ['system', 'instructions', 'systemInstruction', 'system_instruction'];
const MESSAGE_MEMBERS = ['messages', 'input', 'contents', 'prompt'];

/** The beginning of the conversation in a request's body; undefined when no user speaks in it. */
export function openingIn(body: ScannedObject): Opening | undefined {
  const messages = firstOf(body, MESSAGE_MEMBERS);
  if (messages === undefined) return undefined;
  const system = firstOf(body, SYSTEM_MEMBERS);
  const opening = {
    system: system === undefined ? [] : textsIn(windowOn(body, system), 0, SYSTEM_CHARS),
    ...speeches(windowOn(body, messages)),
    isCut: messages.valueEnd - messages.valueStart > WINDOW_BYTES,
  };
  return opening.user.length === 0 ? undefined : opening;
}

function firstOf(body: ScannedObject, names: readonly string[]): JsonMember | undefined {
  for (const name of names) {
    const member = findMember(body, name);
    if (member !== undefined) return member;
  }
  return undefined;
}

function windowOn({ bytes }: ScannedObject, { valueStart, valueEnd }: JsonMember): Buffer {
  return bytes.subarray(valueStart, Math.min(valueEnd, valueStart + WINDOW_BYTES));
}

interface Speeches {
  system?: readonly string[];
  user: readonly string[];
  assistant: readonly string[];
}

/** What the user and the assistant said first; what the system said, if it speaks among them. */
function speeches(window: Buffer): Speeches {
  const found: Speeches = { user: [], assistant: [] };
  const alone = textAt(window, 0, USER_CHARS);
  if (alone !== undefined) return { ...found, user: [alone] };
  let seen = 0;
  for (const item of itemsAt(window, 0)) {
    if (seen++ >= MOST_ITEMS) break;
    hear(window, item, found);
    if (found.assistant.length > 0) break;
  }
  return found;
}

function hear(window: Buffer, item: number, found: Speeches): void {
  const text = textAt(window, item, USER_CHARS);
  if (text !== undefined) {
    if (found.user.length === 0) found.user = [text];
    return;
  }
  const members = membersAt(window, item);
  const content = members.find(({ key }) => key === 'content' || key === 'parts');
  if (content === undefined) return;
  const read = (chars: number): readonly string[] => textsIn(window, content.valueStart, chars);
  switch (roleIn(window, members)) {
    case 'system':
    case 'developer':
      if (found.user.length === 0) found.system ??= read(SYSTEM_CHARS);
      return;
    case 'assistant':
    case 'model':
      // What it said before the user is part of the client's prompt.
      if (found.user.length > 0) found.assistant = read(ASSISTANT_CHARS);
      return;
    case 'user':
      if (found.user.length === 0) found.user = orBytes(read(USER_CHARS), window, content);
  }
}

/** Gemini's user may go unnamed. */
function roleIn(window: Buffer, members: readonly JsonMember[]): string {
  const role = members.find(({ key }) => key === 'role');
  return role === undefined ? 'user' : (textAt(window, role.valueStart, 16) ?? '');
}

/** A first message without a text, such as a picture: the bytes that it begins with. */
function orBytes(texts: readonly string[], window: Buffer, { valueStart, valueEnd }: JsonMember): readonly string[] {
  if (texts.length > 0) return texts;
  return [window.toString('latin1', valueStart, Math.min(valueEnd, valueStart + USER_CHARS))];
}

/** The beginnings of the texts in a string, in a list of parts, or in an object that holds such a list. */
function textsIn(window: Buffer, start: number, chars: number): readonly string[] {
  const alone = textAt(window, start, chars);
  if (alone !== undefined) return [alone];
  const parts = membersAt(window, start).find(({ key }) => key === 'parts');
  const texts: string[] = [];
  for (const item of itemsAt(window, parts?.valueStart ?? start)) {
    const text = textOfPart(window, item, chars);
    if (text !== undefined && !text.startsWith(ATTRIBUTION)) texts.push(text);
    if (texts.length >= MOST_TEXTS) break;
  }
  return texts;
}

function textOfPart(window: Buffer, item: number, chars: number): string | undefined {
  const text = membersAt(window, item).find(({ key }) => key === 'text');
  return textAt(window, text === undefined ? item : text.valueStart, chars);
}
