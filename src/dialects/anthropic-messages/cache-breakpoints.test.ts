import { describe, expect, it } from 'vitest';
import type { CacheControl, GenerationRequest, JsonObject, Message, Part, Tool } from '../../ir/index.ts';
import { encodeRequest } from './encode-request.ts';

const text = (value: string, cacheControl?: CacheControl): Part => ({
  type: 'text',
  text: value,
  ...(cacheControl && { cacheControl }),
});
const message = (role: Message['role'], ...content: Part[]): Message => ({ role, content, path: 'messages[0]' });
const tool = (name: string, more: Partial<Extract<Tool, { type: 'function' }>> = {}): Tool => ({
  type: 'function',
  name,
  path: 'tools[0]',
  ...more,
});
const call = (id: string): Part => ({ type: 'tool-call', id, name: 'a', kind: 'function', arguments: '{}' });
const result = (callId: string, cacheControl?: CacheControl, ...content: ReturnType<typeof text>[]): Part => ({
  type: 'tool-result',
  callId,
  content: content.filter((part) => part.type === 'text'),
  isError: false,
  kind: 'function',
  ...(cacheControl && { cacheControl }),
});
const thinking = (value: string, redacted = false): Part => ({
  type: 'reasoning',
  text: value,
  summary: false,
  redacted,
  signature: { origin: 'anthropic-messages', value: 'sig' },
});

interface Parts {
  readonly tools?: readonly Tool[];
  readonly messages: readonly Message[];
  readonly add?: boolean;
}

function encode({ tools = [], messages, add }: Parts): { readonly body: JsonObject; readonly reasons: string[] } {
  const request: GenerationRequest = { model: 'm', stream: false, messages, tools, sampling: {}, extensions: {} };
  const target = { model: 'up', stream: false, quirks: {}, ...(add !== undefined && { cacheBreakpoints: add }) };
  const { value, warnings } = encodeRequest(request, target);
  return { body: value, reasons: warnings.map(({ path, reason }) => `${path}: ${reason}`) };
}

/** The paths of all breakpoints with their lifetimes. */
function marks(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'cache_control'
      ? [`${path} ${inner.ttl ?? inner.type}`]
      : marks(inner, path === '' ? key : `${path}.${key}`),
  );
}

const marked = (parts: Parts): string[] => marks(encode(parts).body);

describe('without breakpoints of the client', () => {
  const conversation = [
    message('system', text('s1'), text('s2')),
    message('user', text('u1')),
    message('assistant', call('1')),
    message('user', result('1'), text('u2')),
    message('assistant', text('a2')),
    message('user', text('u3'), text('u3b')),
  ];
  const tools = [tool('a'), tool('b'), tool('c', { extensions: { 'anthropic-messages': { defer_loading: true } } })];

  it('marks the last loaded tool, the last instruction, the turn before and the last turn', () => {
    expect(marked({ tools, messages: conversation, add: true })).toEqual([
      'system.1 ephemeral',
      'messages.2.content.1 ephemeral',
      'messages.4.content.1 ephemeral',
      'tools.1 ephemeral',
    ]);
  });

  it('marks the only instruction', () => {
    const messages = [message('system', text('s')), message('user', text('u'))];
    expect(marked({ messages, add: true })).toEqual(['system.0 ephemeral', 'messages.0.content.0 ephemeral']);
  });

  it('writes the plain form', () => {
    const { body, reasons } = encode({ messages: [message('user', text('u'))], add: true });
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'u', cache_control: { type: 'ephemeral' } }] },
    ]);
    expect(reasons).toEqual([]);
  });

  it.each([false, undefined])('marks nothing when not asked to (%s)', (add) => {
    expect(marked({ tools, messages: conversation, ...(add !== undefined && { add }) })).toEqual([]);
  });

  it('the mark on the turn before stands where the last one stood a turn ago', () => {
    const before = marked({ messages: conversation.slice(0, 4), add: true });
    const now = marked({ messages: conversation, add: true });
    expect(now).toContain(before.at(-1));
  });

  it('passes over thinking, and over a last message of nothing else', () => {
    expect(
      marked({
        messages: [
          message('user', text('u')),
          message('assistant', text('a'), thinking('t')),
          message('user', result('1')),
          message('assistant', thinking('t'), thinking('', true)),
        ],
        add: true,
      }),
    ).toEqual(['messages.0.content.0 ephemeral', 'messages.2.content.0 ephemeral']);
  });

  it('an answer that the client began carries the last mark', () => {
    expect(
      marked({
        messages: [message('user', text('u')), message('assistant', thinking('t'), text('a'), thinking('t'))],
        add: true,
      }),
    ).toEqual(['messages.0.content.0 ephemeral', 'messages.1.content.1 ephemeral']);
  });

  it('tools that are all loaded later carry none', () => {
    const deferred = [tool('a', { extensions: { 'anthropic-messages': { defer_loading: true } } })];
    expect(marked({ tools: deferred, messages: [message('user', text('u'))], add: true })).toEqual([
      'messages.0.content.0 ephemeral',
    ]);
  });
});

describe("the client's own breakpoints", () => {
  it('stand alone, even where more would be allowed', () => {
    const parts = {
      tools: [tool('a')],
      messages: [message('system', text('s', { ttl: '1h' })), message('user', text('u'))],
      add: true,
    };
    expect(marked(parts)).toEqual(['system.0 1h']);
    expect(
      marked({ ...parts, tools: [tool('a', { cacheControl: {} })], messages: [message('user', text('u'))] }),
    ).toEqual(['tools.0 ephemeral']);
  });

  it('four stay', () => {
    const { body, reasons } = encode({
      tools: [tool('a', { cacheControl: {} })],
      messages: [message('system', text('s', {})), message('user', text('1', {}), text('2', {}))],
    });
    expect(marks(body)).toHaveLength(4);
    expect(reasons).toEqual([]);
  });

  it('of more than four, all but the last of system and tools go first, then the earliest of the messages', () => {
    const tools = [tool('a', { cacheControl: {} }), tool('b', { cacheControl: {} })];
    const system = message('system', text('s1', {}), text('s2', {}));
    const six = encode({ tools, messages: [system, message('user', text('1', {}), text('2', {}))] });
    expect(marks(six.body)).toEqual([
      'system.1 ephemeral',
      'messages.0.content.0 ephemeral',
      'messages.0.content.1 ephemeral',
      'tools.1 ephemeral',
    ]);
    expect(six.reasons).toEqual(['messages: Claude takes at most 4 cache breakpoints']);
    const seven = encode({
      tools,
      messages: [system, message('user', result('x', {}, text('in', {})), text('2', {}), text('3', {}))],
    });
    expect(marks(seven.body)).toEqual([
      'system.1 ephemeral',
      'messages.0.content.1 ephemeral',
      'messages.0.content.2 ephemeral',
      'tools.1 ephemeral',
    ]);
  });

  it('five with one system mark: the system and tool marks outlive those of the messages', () => {
    const { body } = encode({
      tools: [tool('a', { cacheControl: {} })],
      messages: [message('system', text('s', {})), message('user', text('1', {}), text('2', {}), text('3', {}))],
    });
    expect(marks(body)).toEqual([
      'system.0 ephemeral',
      'messages.0.content.1 ephemeral',
      'messages.0.content.2 ephemeral',
      'tools.0 ephemeral',
    ]);
  });

  it('one of an hour after one of five minutes is shortened, in the order tools, system, messages', () => {
    const { body, reasons } = encode({
      tools: [tool('a', { cacheControl: { ttl: '1h' } })],
      messages: [
        message('system', text('s', { ttl: '5m' })),
        message('user', text('go')),
        message('assistant', { type: 'tool-call', id: 'x', name: 'a', kind: 'function', arguments: '{}' }),
        message('user', result('x', { ttl: '1h' }, text('in', { ttl: '1h' }))),
      ],
    });
    expect(marks(body)).toEqual([
      'system.0 5m',
      'messages.2.content.0.content.0 ephemeral',
      'messages.2.content.0 ephemeral',
      'tools.0 1h',
    ]);
    expect(reasons).toEqual(['messages: a cache breakpoint cannot last 1h after one that lasts 5m']);
  });

  it('hours before minutes stay as they are', () => {
    const { body, reasons } = encode({
      messages: [message('system', text('s', { ttl: '1h' })), message('user', text('u', { ttl: '1h' }), text('v', {}))],
    });
    expect(marks(body)).toEqual(['system.0 1h', 'messages.0.content.0 1h', 'messages.0.content.1 ephemeral']);
    expect(reasons).toEqual([]);
  });
});
