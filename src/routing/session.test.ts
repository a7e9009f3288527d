import { describe, expect, test } from 'vitest';
import type { GenerationRequest, Message, Part } from '../ir/index.ts';
import { agentOfHeaders, openingOf, sessionOfHeaders, sessionOfRequest } from './session.ts';

const request = (more: Partial<GenerationRequest> = {}): GenerationRequest => ({
  model: 'm',
  stream: false,
  messages: [],
  tools: [],
  sampling: {},
  extensions: {},
  ...more,
});

describe('headers', () => {
  test.each([
    'x-claude-code-session-id',
    'session-id',
    'session_id',
    'x-session-id',
    'x-session-affinity',
    'conversation-id',
    'conversation_id',
  ])('%s names the session', (name) => {
    expect(sessionOfHeaders({ [name]: ' s1 ' })).toBe('s1');
  });

  test('the first of several counts', () => {
    expect(sessionOfHeaders({ session_id: 'b', 'x-claude-code-session-id': 'a' })).toBe('a');
  });

  test.each([
    [{}],
    [{ 'x-client-request-id': 'r' }],
    [{ 'session-id': '' }],
    [{ 'session-id': '  ' }],
    [{ 'session-id': 'a\u0007b' }],
    [{ 'session-id': 'x'.repeat(257) }],
    [{ 'session-id': ['a', 'b'] }],
  ])('%j names none', (headers) => {
    expect(sessionOfHeaders(headers)).toBeUndefined();
  });

  test('256 characters are an id', () => {
    expect(sessionOfHeaders({ 'session-id': 'x'.repeat(256) })).toBe('x'.repeat(256));
  });

  test('a sub-agent is told apart', () => {
    expect(agentOfHeaders({ 'x-claude-code-agent-id': 'a1' })).toBe('a1');
    expect(agentOfHeaders({})).toBeUndefined();
  });
});

describe('body', () => {
  test.each<[string, Partial<GenerationRequest>]>([
    ['user id of Claude Code', { user: '{"device_id":"d","session_id":"s"}' }],
    ['its older form', { user: 'user_abc_account__session_s' }],
    ['metadata', { metadata: { session_id: 's' } }],
    ['OpenRouter field', { extensions: { 'openai-chat': { session_id: 's' } } }],
    ['Gemini field', { extensions: { gemini: { sessionId: 's' } } }],
    ['conversation', { extensions: { 'openai-responses': { conversation: 's' } } }],
    ['conversation object', { extensions: { 'openai-responses': { conversation: { id: 's' } } } }],
    ['conversation_id', { extensions: { 'openai-chat': { conversation_id: 's' } } }],
    ['cache key', { promptCacheKey: 's' }],
  ])('%s', (_name, more) => {
    expect(sessionOfRequest(request(more))).toBe('s');
  });

  test.each<Partial<GenerationRequest>>([
    {},
    { user: 'somebody' },
    { user: '{broken' },
    { user: '{"device_id":"d"}' },
    { extensions: { 'openai-chat': { session_id: 7 } } },
  ])('%j names none', (more) => {
    expect(sessionOfRequest(request(more))).toBeUndefined();
  });

  test('a stated session stands above the cache key', () => {
    expect(sessionOfRequest(request({ user: 'u_session_s', promptCacheKey: 'k' }))).toBe('s');
  });
});

describe('the opening of a conversation', () => {
  const say = (role: Message['role'], ...content: Part[]): Message => ({ role, content, path: 'p' });
  const text = (value: string): Part => ({ type: 'text', text: value });

  test('is the model, the instructions and the first turn of the user', () => {
    const messages = [say('system', text('s')), say('user', text('u'), text('v')), say('assistant', text('a'))];
    expect(openingOf(request({ messages }))).toEqual(['m', 'system', 's', 'user', 'u', 'v']);
  });

  test('without a user it is all there is', () => {
    expect(openingOf(request({ messages: [say('system', text('s')), say('assistant', text('a'))] }))).toEqual([
      'm',
      'system',
      's',
      'assistant',
      'a',
    ]);
  });

  test.each<[Part, string]>([
    [{ type: 'media', kind: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA' } }, 'AA'],
    [{ type: 'media', kind: 'image', source: { type: 'url', url: 'https://x.test/a' } }, 'https://x.test/a'],
    [{ type: 'media', kind: 'file', source: { type: 'file-id', id: 'f' } }, 'f'],
    [{ type: 'media', kind: 'file', source: { type: 'text', text: 't' } }, 't'],
    [{ type: 'refusal', text: 'no' }, 'no'],
    [{ type: 'reasoning', text: 'r', summary: false, redacted: false }, 'r'],
    [{ type: 'opaque', dialect: 'gemini', value: { a: 1 } }, '{"type":"opaque","dialect":"gemini","value":{"a":1}}'],
  ])('%j', (part, expected) => {
    expect(openingOf(request({ messages: [say('user', part)] }))).toEqual(['m', 'user', expected]);
  });
});
