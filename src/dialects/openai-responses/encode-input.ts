import type {
  JsonObject,
  Message,
  Part,
  ReasoningPart,
  ServerToolPart,
  ToolResultPart,
  TranslationWarning,
} from '../../ir/index.ts';
import { serverToolText } from '../../ir/server-tool.ts';
import { type ContentPart, encodeInputPart, encodeOutputPart } from './content-parts.ts';
import { applyNotes } from './item-notes.ts';
import { encryptReasoning } from './reasoning-item.ts';
import type { ToolNames } from './tool-names.ts';
import { DIALECT, NOTE, shortenId, withoutAbsent } from './wire.ts';

/** The messages as the wire has them. */
export interface EncodedInput {
  readonly instructions?: string;
  readonly input: readonly JsonObject[];
}

/** What encoding the input depends on. */
export interface InputContext {
  /** The client speaks this dialect: roles and places stay as they were. */
  readonly own: boolean;
  readonly names: ToolNames;
  readonly notes: JsonObject | undefined;
  readonly warnings: TranslationWarning[];
}

/** Messages -> `instructions` and `input`. */
export function encodeInput(messages: readonly Message[], context: InputContext): EncodedInput {
  const leading = context.own ? ownInstructions(messages) : leadingSystem(messages);
  const instructions = messages
    .slice(0, leading)
    .flatMap((message) => message.content)
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('\n\n');
  const input = messages.slice(leading).flatMap((message) => encodeMessage(message, context));
  return leading === 0 ? { input } : { instructions, input };
}

function ownInstructions(messages: readonly Message[]): number {
  return messages[0]?.path === 'instructions' && isPlain(messages[0]) ? 1 : 0;
}

function leadingSystem(messages: readonly Message[]): number {
  const end = messages.findIndex((message) => message.role !== 'system' || !isPlain(message));
  return end < 0 ? messages.length : end;
}

const isPlain = (message: Message): boolean => message.content.every((part) => part.type === 'text');

function encodeMessage(message: Message, context: InputContext): JsonObject[] {
  if (message.name !== undefined) {
    context.warnings.push({ path: `${message.path}.name`, reason: 'the Responses API has no participant names' });
  }
  const groups = groupParts(message.content);
  const firstMessage = groups.findIndex((group) => Array.isArray(group));
  const items = groups.map((group, index) =>
    Array.isArray(group)
      ? encodeMessageItem(message, group, index === firstMessage, context)
      : encodeItem(message, group, context),
  );
  const notes = context.notes?.[message.path];
  return applyNotes(items, notes).filter((item) => item !== undefined);
}

type ItemPart = Exclude<Part, ContentPart> | Extract<Part, { type: 'opaque' }>;
type Group = ItemPart | Located[];

interface Located {
  readonly part: ContentPart;
  readonly index: number;
}

/** Runs of content parts become one message item; every other part is an item of its own. */
function groupParts(content: readonly Part[]): Group[] {
  const groups: Group[] = [];
  for (const [index, part] of content.entries()) {
    if (!isContent(part)) {
      groups.push(part);
      continue;
    }
    const last = groups.at(-1);
    if (Array.isArray(last)) last.push({ part, index });
    else groups.push([{ part, index }]);
  }
  return groups;
}

function isContent(part: Part): part is ContentPart {
  switch (part.type) {
    case 'text':
    case 'media':
    case 'refusal':
      return true;
    case 'opaque':
      return part.value[NOTE.part] !== undefined;
    case 'reasoning':
    case 'tool-call':
    case 'tool-result':
    case 'server-tool':
      return false;
  }
}

function encodeMessageItem(
  message: Message,
  parts: readonly Located[],
  first: boolean,
  context: InputContext,
): JsonObject | undefined {
  const content = parts.flatMap(({ part, index }) => {
    const path = `${message.path}.content[${index}]`;
    const wire = message.role === 'assistant' ? encodeOutputPart(part) : encodeInputPart(part);
    if (part.type === 'text' && part.signature !== undefined) {
      warnSignature(path, context);
      if (part.text === '') return [];
    }
    if (typeof wire !== 'string') return [wire];
    context.warnings.push({ path, reason: wire });
    return [];
  });
  if (content.length === 0) return undefined;
  // Another dialect's system message amid the conversation: `developer` is what current models obey.
  const role = message.role === 'system' && !context.own ? 'developer' : message.role;
  const id = first && message.id !== undefined ? { id: shortenId(message.id) } : {};
  return { type: 'message', ...id, role, content };
}

/** In the hub's own terms. A result that stands in for a missing one has the place of its call. */
function placeOf(message: Message, part: Part): string {
  if (message.path.endsWith(']') && message.path.includes('.content[')) return message.path;
  return `${message.path}.content[${message.content.indexOf(part)}]`;
}

function warnSignature(path: string, context: InputContext): void {
  context.warnings.push({ path, reason: 'the signature of this part has no place in the Responses API' });
}

function encodeItem(message: Message, part: ItemPart, context: InputContext): JsonObject | undefined {
  switch (part.type) {
    case 'reasoning':
      return encodeReasoning(message, part, context);
    case 'tool-call': {
      if (part.signature !== undefined) warnSignature(placeOf(message, part), context);
      const call = { call_id: shortenId(part.id), ...context.names.wire(part.name) };
      return part.kind === 'custom'
        ? { type: 'custom_tool_call', ...call, input: part.arguments }
        : { type: 'function_call', ...call, arguments: part.arguments || '{}' };
    }
    case 'tool-result':
      return encodeResult(message, part, context);
    case 'server-tool':
      return encodeServerTool(message, part, context);
    case 'opaque':
      if (part.dialect === DIALECT) return part.value;
      context.warnings.push({ path: placeOf(message, part), reason: `only ${part.dialect} understands this part` });
      return undefined;
  }
}

/** The API knows such items by ids of its own; what another provider's tool did becomes the text that it is. */
function encodeServerTool(message: Message, part: ServerToolPart, context: InputContext): JsonObject | undefined {
  if (part.origin === DIALECT && part.value !== undefined) return part.value;
  const text = serverToolText(part);
  if (text !== undefined) {
    const type = message.role === 'assistant' ? 'output_text' : 'input_text';
    return { type: 'message', role: message.role, content: [{ type, text }] };
  }
  context.warnings.push({
    path: placeOf(message, part),
    reason: `this ${part.tool} of ${part.origin} cannot be told in words`,
  });
  return undefined;
}

function encodeReasoning(message: Message, part: ReasoningPart, context: InputContext): JsonObject | undefined {
  const own = part.signature === undefined ? context.own : part.signature.origin === DIALECT;
  if (!own) {
    const reason = 'reasoning of another provider cannot be continued by the Responses API';
    context.warnings.push({ path: placeOf(message, part), reason });
    return undefined;
  }
  return withoutAbsent({
    type: 'reasoning',
    id: part.id === undefined ? undefined : shortenId(part.id),
    summary: part.summary && part.text !== '' ? [{ type: 'summary_text', text: part.text }] : [],
    content: part.summary || part.text === '' ? undefined : [{ type: 'reasoning_text', text: part.text }],
    encrypted_content: part.signature && encryptReasoning(part.signature, part.redacted),
  });
}

function encodeResult(message: Message, part: ToolResultPart, context: InputContext): JsonObject {
  if (part.isError) {
    context.warnings.push({
      path: placeOf(message, part),
      reason: 'the Responses API cannot mark a tool result as an error',
    });
  }
  const type = part.kind === 'custom' ? 'custom_tool_call_output' : 'function_call_output';
  return { type, call_id: shortenId(part.callId), output: encodeOutput(message, part, context) };
}

function encodeOutput(message: Message, part: ToolResultPart, context: InputContext): string | JsonObject[] {
  const [only] = part.content;
  if (only === undefined) return '';
  if (part.content.length === 1 && only.type === 'text') return only.text;
  return part.content.flatMap((content) => {
    const wire = encodeInputPart(content);
    if (typeof wire !== 'string') return [wire];
    context.warnings.push({ path: placeOf(message, part), reason: wire });
    return [];
  });
}
