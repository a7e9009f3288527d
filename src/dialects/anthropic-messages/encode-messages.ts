import type { GenerationRequest, Message, MutableJsonObject, Warn } from '../../ir/index.ts';
import { instructionReminder } from '../../ir/instruction-reminder.ts';
import { wireToolNames } from '../../ir/tool-name-map.ts';
import { repairToolTurns, withUniqueCallIds } from '../../ir/tool-turns.ts';
import type { EncodeTarget } from '../codec.ts';
import { encodeAssistantPart, encodeText, encodeUserPart, type PartContext } from './encode-parts.ts';
import { createToolIds } from './tool-ids.ts';
import { toolNames } from './tool-names.ts';

/** The conversation in Claude's form. */
interface EncodedConversation {
  readonly system: MutableJsonObject[];
  readonly messages: readonly EncodedMessage[];
}

/** One wire message. */
export interface EncodedMessage {
  readonly role: 'user' | 'assistant';
  readonly content: MutableJsonObject[];
}

/** A turn under construction: what must stand first (results), what follows in order, what must stand last (calls). */
interface Turn {
  readonly role: 'user' | 'assistant';
  readonly first: MutableJsonObject[];
  readonly middle: MutableJsonObject[];
  readonly last: MutableJsonObject[];
}

/** Stands in where Claude demands a user turn that the client did not write. */
const PLACEHOLDER: EncodedMessage = { role: 'user', content: [{ type: 'text', text: '(continued)' }] };

/** Splits off the leading instructions and writes the rest as alternating turns that begin with the user. */
export function encodeConversation(
  request: GenerationRequest,
  { unsignedReasoning = false }: Pick<EncodeTarget, 'unsignedReasoning'>,
  warn: Warn,
): EncodedConversation {
  const messages = withUniqueCallIds(repairToolTurns(request.messages, warn));
  const toolName = wireToolNames(toolNames(request));
  const context: PartContext = { warn, unsignedReasoning, toolId: createToolIds(), toolName };
  const firstOther = messages.findIndex((message) => !isInstruction(message));
  const leading = firstOther < 0 ? messages : messages.slice(0, firstOther);
  const turns: Turn[] = [];
  for (const message of messages.slice(leading.length)) addMessage(turns, message, context);
  const encoded = turns.map(finishTurn);
  if (encoded[0]?.role !== 'user') encoded.unshift({ ...PLACEHOLDER, content: [...PLACEHOLDER.content] });
  return { system: leading.flatMap((message) => encodeInstruction(message, warn)), messages: encoded };
}

function isInstruction(message: Message): boolean {
  return message.role === 'system' || message.role === 'developer';
}

const isCarried = (part: Message['content'][number]): boolean => part.type === 'opaque' && part.carried === true;

function encodeInstruction(message: Message, warn: Warn): MutableJsonObject[] {
  const blocks: MutableJsonObject[] = [];
  for (const [index, part] of message.content.entries()) {
    const path = partPath(message, index);
    const block = part.type === 'text' ? encodeText(part) : undefined;
    if (block) blocks.push(block);
    if (part.type !== 'text' && !isCarried(part))
      warn(path, `Claude takes only text as instructions, not ${part.type}`);
  }
  return blocks;
}

function addMessage(turns: Turn[], message: Message, context: PartContext): void {
  if (message.name !== undefined) context.warn(`${message.path}.name`, 'Claude has no names of participants');
  const blocks = isInstruction(message) ? encodeReminder(message, context.warn) : encodeParts(message, context);
  if (blocks.length === 0) return;
  const role = message.role === 'assistant' ? 'assistant' : 'user';
  let turn = turns.at(-1);
  if (turn?.role !== role) {
    turn = { role, first: [], middle: [], last: [] };
    turns.push(turn);
  }
  for (const block of blocks) placeOf(block, turn).push(block);
}

/** Results must open the turn after the calls, and calls must end theirs. */
function placeOf(block: MutableJsonObject, turn: Turn): MutableJsonObject[] {
  if (block['type'] === 'tool_result') return turn.first;
  return block['type'] === 'tool_use' ? turn.last : turn.middle;
}

function encodeParts(message: Message, context: PartContext): MutableJsonObject[] {
  const encode = message.role === 'assistant' ? encodeAssistantPart : encodeUserPart;
  const blocks: MutableJsonObject[] = [];
  for (const [index, part] of message.content.entries()) {
    const block = encode(part, partPath(message, index), context);
    if (block) blocks.push(block);
  }
  return blocks;
}

/** Instructions amid the conversation: only some models take role `system` there, all take a marked user text. */
function encodeReminder(message: Message, warn: Warn): MutableJsonObject[] {
  const blocks = encodeInstruction(message, warn);
  if (blocks.length === 0) return [];
  const text = blocks.map((block) => block['text']).join('\n\n');
  const cacheControl = blocks.findLast((block) => block['cache_control'])?.['cache_control'];
  return [
    {
      type: 'text',
      text: instructionReminder(text),
      ...(cacheControl !== undefined && { cache_control: cacheControl }),
    },
  ];
}

function finishTurn(turn: Turn, index: number, turns: readonly Turn[]): EncodedMessage {
  const content = [...turn.first, ...turn.middle, ...turn.last];
  const end = content.at(-1);
  // A prefilled answer must not end in white space.
  if (turn.role === 'assistant' && index === turns.length - 1 && typeof end?.['text'] === 'string') {
    end['text'] = end['text'].trimEnd();
  }
  return { role: turn.role, content };
}

function partPath(message: Message, index: number): string {
  return `${message.path}.content[${index}]`;
}
