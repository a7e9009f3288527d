/** What Kimi Code needs different in the bodies of Chat and Messages. */
import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import type { Envelope } from './envelope.ts';

/** Around Messages. */
export const kimiMessages: Envelope = { wrap: (body) => ({ ...body, model: kimiModel(body['model']) }) };

/** Around Chat: besides, every call of a tool must come with the reasoning that led to it. */
export const kimiChat: Envelope = {
  wrap: (body) => {
    const { messages, thinking } = body;
    const model = kimiModel(body['model']);
    if (!Array.isArray(messages)) return { ...body, model };
    const isOff = isJsonObject(thinking) && thinking['type'] === 'disabled';
    return { ...body, model, messages: repaired(messages, isOff) };
  },
};

/** Names that are not their model's own without its prefix. */
const NAMES: Readonly<Record<string, string>> = {
  'k2.7-code': 'kimi-for-coding',
  'k2.7-code-highspeed': 'kimi-for-coding-highspeed',
};

/** `kimi-k2.5` is `k2.5` here; a mark for the length of the context, as Claude Code writes it, is none of the name. */
function kimiModel(model: JsonValue | undefined): string {
  const clean = (typeof model === 'string' ? model : '').replace(/\[1m\]$/i, '');
  if (clean.startsWith('kimi-for-coding')) return clean;
  const bare = clean.replace(/^kimi-/, '');
  return NAMES[bare] ?? bare;
}

/** Without the reasoning the server answers 400; where the client has lost it, the last that there was stands in. */
function repaired(messages: readonly JsonValue[], isOff: boolean): readonly JsonValue[] {
  let latest = '';
  return messages.flatMap((message): JsonValue[] => {
    if (!isJsonObject(message) || message['role'] !== 'assistant') return [message];
    const said = message['reasoning_content'];
    if (typeof said === 'string' && said.trim() !== '') latest = said;
    const calls = message['tool_calls'];
    const hasCalls = Array.isArray(calls) && calls.length > 0;
    if (!hasCalls) return isEmpty(message) ? [] : [message];
    if (isOff || (typeof said === 'string' && said.trim() !== '')) return [message];
    return [{ ...message, reasoning_content: latest || textOf(message['content']) || '[reasoning unavailable]' }];
  });
}

function isEmpty(message: JsonObject): boolean {
  const { content, reasoning_content: reasoning, refusal } = message;
  const hasContent = Array.isArray(content) ? content.length > 0 : typeof content === 'string' && content !== '';
  return !hasContent && (reasoning ?? '') === '' && (refusal ?? '') === '';
}

function textOf(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content.trim();
  if (!Array.isArray(content)) return '';
  const texts = content.flatMap((part) =>
    isJsonObject(part) && typeof part['text'] === 'string' ? [part['text']] : [],
  );
  return texts.join('\n').trim();
}
