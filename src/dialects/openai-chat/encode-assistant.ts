import type {
  JsonObject,
  Message,
  MutableJsonObject,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  Warn,
} from '../../ir/index.ts';
import type { EncodeQuirks } from '../codec.ts';
import { compactContent, encodePart, ownSignature } from './encode-content.ts';
import { encodeDetail } from './reasoning-details.ts';
import { encodeToolCall } from './tool-calls.ts';
import { dialectId, thoughtSignature } from './wire.ts';

/** An assistant turn of the history, for an upstream. */
export function encodeAssistant(message: Message, quirks: EncodeQuirks, warn: Warn): JsonObject {
  const content: JsonObject[] = [];
  const reasoning: ReasoningPart[] = [];
  const texts: TextPart[] = [];
  const calls: ToolCallPart[] = [];
  const wire: MutableJsonObject = { role: 'assistant' };
  for (const [index, part] of message.content.entries()) {
    if (part.type === 'reasoning') reasoning.push(part);
    else if (part.type === 'tool-call') calls.push(part);
    else if (part.type === 'opaque' && part.dialect === dialectId && part.value['type'] === 'audio') {
      wire['audio'] = part.value['audio'];
    } else {
      if (part.type === 'text') texts.push(part);
      // It only held a signature.
      if (part.type === 'text' && part.text === '' && part.signature !== undefined) continue;
      const encoded = encodePart(part, { role: 'assistant', path: `${message.path}.content[${index}]` }, warn);
      if (encoded !== undefined) content.push(encoded);
    }
  }
  if (message.name !== undefined) wire['name'] = message.name;
  addContent(wire, content, calls.length > 0);
  addReasoning(wire, reasoning, quirks, message.path, warn);
  addCalls(wire, calls, quirks);
  if (quirks.reasoningField === 'none') return wire;
  const proof = texts.map(ownSignature).findLast((value) => value !== undefined);
  if (proof !== undefined) wire['extra_content'] = thoughtSignature(proof);
  return wire;
}

function addContent(wire: MutableJsonObject, content: readonly JsonObject[], hasCalls: boolean): void {
  const [only] = content;
  if (content.length === 1 && only?.['type'] === 'refusal') {
    wire['content'] = null;
    wire['refusal'] = only['refusal'];
  } else
    wire['content'] =
      content.length === 0 && (hasCalls || wire['audio'] !== undefined) ? null : compactContent(content);
}

function addReasoning(
  wire: MutableJsonObject,
  parts: readonly ReasoningPart[],
  quirks: EncodeQuirks,
  path: string,
  warn: Warn,
): void {
  const own = parts.filter((part) => part.signature?.origin === dialectId);
  const text = parts
    .map((part) => part.text)
    .filter((part) => part !== '')
    .join('\n\n');
  if (parts.some((part) => part.text === '' && part.signature !== undefined && part.signature.origin !== dialectId)) {
    warn(path, 'hidden reasoning of another provider: only the provider that made it can read it');
  }
  const name = quirks.reasoningField ?? 'reasoning_content';
  if (name === 'none') return;
  if (own.length > 0) {
    // A server that signs gets its entries back as a whole, in order.
    const known = parts.filter((part) => part.text !== '' || part.signature?.origin === dialectId);
    wire['reasoning_details'] = known.map((part, index) => encodeDetail(withoutForeign(part), index));
  }
  if (text !== '') wire[name] = text;
}

function withoutForeign(part: ReasoningPart): ReasoningPart {
  if (part.signature === undefined || part.signature.origin === dialectId) return part;
  const { type, text, summary } = part;
  return { type, text, summary, redacted: false };
}

function addCalls(wire: MutableJsonObject, calls: readonly ToolCallPart[], quirks: EncodeQuirks): void {
  if (calls.length === 0) return;
  wire['tool_calls'] = calls.map((call) => {
    const proof = quirks.reasoningField === 'none' ? undefined : ownSignature(call);
    const lowered: ToolCallPart =
      call.kind === 'custom' && quirks.noCustomTools === true
        ? { ...call, kind: 'function', arguments: JSON.stringify({ input: call.arguments }) }
        : call;
    return encodeToolCall(lowered, proof === undefined ? undefined : thoughtSignature(proof));
  });
}
