import { describe, expect, test } from 'vitest';
import { scanObject } from '../json-splice.ts';
import type { SessionHeaders } from './session.ts';
import { type SessionKey, sessionKeyOf } from './session-key.ts';

interface Asked {
  readonly headers?: SessionHeaders;
  readonly principal?: string;
  readonly subagentsFollow?: boolean;
}

function keyOf(body: unknown, { headers = {}, principal, subagentsFollow = true }: Asked = {}): SessionKey | undefined {
  const scanned = scanObject(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
  if (scanned === undefined) throw new Error('no JSON object');
  return sessionKeyOf({ headers, body: scanned, principal, subagentsFollow });
}

const chat = (...texts: string[]): object => ({
  model: 'm',
  messages: texts.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })),
});

describe('named', () => {
  const named = keyOf({}, { headers: { 'session-id': 's1' } });

  test('the name is hashed', () => {
    expect(named?.key).toMatch(/^[0-9a-f]{16}$/);
    expect(named?.fallback).toBeUndefined();
    expect(named?.shared).toBeUndefined();
  });

  test.each<[string, object, SessionHeaders]>([
    ['header of Claude Code', {}, { 'x-claude-code-session-id': 's1' }],
    ['header with underscore', {}, { session_id: 's1' }],
    ['x-session-id', {}, { 'x-session-id': 's1' }],
    ['x-session-affinity', {}, { 'x-session-affinity': 's1' }],
    ['conversation-id', {}, { 'conversation-id': 's1' }],
    ['user id of Claude Code', { metadata: { user_id: '{"device_id":"d","session_id":"s1"}' } }, {}],
    ['its older form', { metadata: { user_id: 'user_1_account__session_s1' } }, {}],
    ['user of a Chat request', { user: 'user_1_account__session_s1' }, {}],
    ['metadata', { metadata: { session_id: 's1' } }, {}],
    ['session_id', { session_id: 's1' }, {}],
    ['sessionId', { sessionId: 's1' }, {}],
    ['prompt_cache_key', { prompt_cache_key: 's1' }, {}],
    ['conversation', { conversation: 's1' }, {}],
    ['conversation object', { conversation: { id: 's1' } }, {}],
    ['conversation_id', { conversation_id: 's1' }, {}],
  ])('by %s', (_where, body, headers) => {
    expect(keyOf({ ...chat('hi'), ...body }, { headers })).toEqual(named);
  });

  test.each<[object, SessionHeaders, object, SessionHeaders]>([
    [{ metadata: { user_id: '_session_b' } }, { 'x-claude-code-session-id': 'a' }, {}, { 'session-id': 'a' }],
    [{ metadata: { user_id: '_session_b' } }, { 'session-id': 'a' }, {}, { 'session-id': 'b' }],
    [{ session_id: 'b' }, { 'session-id': 'a' }, {}, { 'session-id': 'a' }],
    [{ prompt_cache_key: 'b', session_id: 'a' }, {}, {}, { 'session-id': 'a' }],
    [{ conversation: 'b', prompt_cache_key: 'a' }, {}, {}, { 'session-id': 'a' }],
  ])('the stronger name counts: %j %j', (body, headers, sameBody, sameHeaders) => {
    expect(keyOf(body, { headers })).toEqual(keyOf(sameBody, { headers: sameHeaders }));
  });

  test.each([7, null, '', 'x'.repeat(257), 'a\u0007', { id: 7 }, ['s1']])('%j is no name', (value) => {
    expect(keyOf({ ...chat('hi'), conversation: value })).toEqual(keyOf(chat('hi')));
  });

  test('clients do not share conversations', () => {
    const headers = { 'session-id': 's1' };
    const keys = ['one', 'two', undefined].map(
      (principal) => keyOf({}, { headers, ...(principal && { principal }) })?.key,
    );
    expect(new Set(keys).size).toBe(3);
  });

  test('a sub-agent follows, unless it is not to', () => {
    const headers = { 'x-claude-code-session-id': 's1' };
    const agent = { ...headers, 'x-claude-code-agent-id': 'a1' };
    expect(keyOf({}, { headers: agent })).toEqual(keyOf({}, { headers }));
    expect(keyOf({}, { headers: agent, subagentsFollow: false })?.key).not.toBe(keyOf({}, { headers })?.key);
    expect(keyOf({}, { headers, subagentsFollow: false })).toEqual(keyOf({}, { headers }));
  });
});

describe('by its beginning', () => {
  const turns: readonly [string, (more: boolean) => object][] = [
    [
      'chat',
      (more) => ({
        messages: [
          { role: 'system', content: 's' },
          { role: 'user', content: 'u' },
          ...(more
            ? [
                { role: 'assistant', content: 'a' },
                { role: 'user', content: 'v' },
              ]
            : []),
        ],
      }),
    ],
    [
      'chat in parts',
      (more) => ({
        messages: [
          { role: 'developer', content: [{ type: 'text', text: 's' }] },
          { role: 'user', content: [{ type: 'text', text: 'u' }] },
          ...(more ? [{ role: 'assistant', content: 'a' }] : []),
        ],
      }),
    ],
    [
      'messages',
      (more) => ({
        system: 's',
        messages: [
          { role: 'user', content: 'u' },
          ...(more ? [{ role: 'assistant', content: [{ type: 'text', text: 'a' }] }] : []),
        ],
      }),
    ],
    [
      'messages in blocks',
      (more) => ({
        system: [
          { type: 'text', text: 'x-anthropic-billing-header: cch=1' },
          { type: 'text', text: 's', cache_control: { type: 'ephemeral', ttl: '5m' } },
        ],
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'u' }] },
          ...(more ? [{ role: 'assistant', content: 'a' }] : []),
        ],
      }),
    ],
    [
      'responses',
      (more) => ({
        instructions: 's',
        input: more
          ? [
              { role: 'user', content: 'u' },
              { type: 'reasoning', encrypted_content: 'x' },
              { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] },
            ]
          : 'u',
      }),
    ],
    [
      'gemini',
      (more) => ({
        system_instruction: { parts: [{ text: 's' }] },
        contents: [{ parts: [{ text: 'u' }] }, ...(more ? [{ role: 'model', parts: [{ text: 'a' }] }] : [])],
      }),
    ],
    [
      'gemini in camel case',
      (more) => ({
        systemInstruction: { parts: [{ text: 's' }] },
        contents: [
          { role: 'user', parts: [{ text: 'u' }] },
          ...(more ? [{ role: 'model', parts: [{ text: 'a' }] }] : []),
        ],
      }),
    ],
  ];
  const first = keyOf({ system: 's', messages: [{ role: 'user', content: 'u' }] });

  test.each(turns)('%s: the first turn is found again from the second on', (_name, body) => {
    const [one, two] = [keyOf(body(false)), keyOf(body(true))];
    expect(one).toMatchObject({ key: first?.key, shared: true });
    expect(two).toMatchObject({ fallback: first?.key });
    expect(two?.key).not.toBe(first?.key);
    expect(two?.shared).toBeUndefined();
  });

  test('all dialects give the same', () => {
    expect(new Set(turns.map(([, body]) => keyOf(body(true))?.key)).size).toBe(1);
  });

  test.each<[string, object]>([
    ['another user text', { system: 's', messages: [{ role: 'user', content: 'v' }] }],
    ['another system text', { system: 't', messages: [{ role: 'user', content: 'u' }] }],
    ['a second part', { system: 's', messages: [{ role: 'user', content: [{ text: 'u' }, { text: 'w' }] }] }],
    ['the user named', { system: 's', messages: [{ role: 'user', content: 'u' }], user: 'somebody' }],
  ])('%s is another conversation', (_name, body) => {
    expect(keyOf(body)?.key).not.toBe(first?.key);
  });

  test.each<[string, object]>([
    ['the role behind the words', { contents: [{ parts: [{ text: 'u' }], role: 'user' }] }],
    ['no role', { contents: [{ parts: [{ text: 'u' }] }] }],
    ['parts without a text', { messages: [{ content: [{ text: 7, a: 1 }, { text: 'u' }, 3, []], role: 'user' }] }],
    [
      'white space and others',
      { input: [7, { type: 'x' }, { role: 'tool', content: 'x' }, { role: 'user', content: 'u' }] },
    ],
  ])('%s: read all the same', (_name, body) => {
    expect(keyOf(JSON.stringify({ ...body, system: 's' }, null, 2))?.key).toBe(first?.key);
  });

  test('later turns, settings and moving cache marks change nothing', () => {
    const texts = ['u', 'a', 'v', 'b', 'w'];
    const expected = keyOf(chat(...texts.slice(0, 3)));
    expect(keyOf({ temperature: 1, ...chat(...texts) })?.key).toBe(expected?.key);
    const marked = (at: number): object => ({
      messages: texts.map((text, index) => ({
        role: index % 2 === 0 ? 'user' : 'assistant',
        content: [{ type: 'text', text, ...(index === at && { cache_control: { type: 'ephemeral' } }) }],
      })),
    });
    for (const at of [0, 1, 2, 4]) expect(keyOf(marked(at))?.key).toBe(expected?.key);
  });

  test('what is far behind in a text does not count', () => {
    const long = 'x'.repeat(300);
    expect(keyOf(chat(`${long}1`))).toEqual(keyOf(chat(`${long}2`)));
    expect(keyOf(chat(`${'x'.repeat(299)}1`))).not.toEqual(keyOf(chat(`${'x'.repeat(299)}2`)));
  });

  test('how a text is escaped does not count', () => {
    const body = (text: string): string => `{"messages":[{"role":"user","content":"${text}"}]}`;
    expect(keyOf(body('caf\\u00e9 \\ud83d\\ude00 \\n\\/'))).toEqual(keyOf(body('café 😀 \\u000a/')));
  });

  test('a picture without words is told by its bytes', () => {
    const picture = (data: string): object => ({
      messages: [{ role: 'user', content: [{ type: 'image', source: { data } }] }],
    });
    expect(keyOf(picture('AA'))).toEqual(keyOf(picture('AA')));
    expect(keyOf(picture('AA'))?.key).not.toBe(keyOf(picture('BB'))?.key);
  });

  test('a beginning longer than the window is no shared one', () => {
    const body = chat('u'.repeat(70_000), 'a');
    expect(keyOf(body)).toMatchObject({ shared: false });
    expect(keyOf(body)?.fallback).toBeUndefined();
  });

  test('with nobody speaking the id of the request or of the user is all there is', () => {
    expect(keyOf({ model: 'm' })).toBeUndefined();
    expect(keyOf({ messages: [] })).toBeUndefined();
    expect(keyOf({ messages: [{ role: 'system', content: 's' }] })).toBeUndefined();
    const headers = { 'x-client-request-id': 'r' };
    expect(keyOf({ model: 'm' }, { headers })?.key).toMatch(/^[0-9a-f]{16}$/);
    expect(keyOf({ model: 'm', user: 'u' })?.key).toMatch(/^[0-9a-f]{16}$/);
    expect(keyOf(chat('hi'), { headers })).toEqual(keyOf(chat('hi')));
  });

  test.each([
    '{"messages":{}}',
    '{"messages":[1,[2],null,{"content":3}]}',
    '{"contents":[{"parts":[]}]}',
    '{"prompt":7}',
  ])('%s names nobody or somebody, and never fails', (body) => {
    expect(() => keyOf(body)).not.toThrow();
  });
});

describe('the time of the cache', () => {
  const MINUTE = 60_000;
  const block = (cache_control?: object): object => ({
    messages: [{ role: 'user', content: [{ text: 'u', cache_control }] }],
  });

  test.each<[string, object, number | undefined]>([
    ['nothing said', chat('hi'), undefined],
    ['cache_control', block({ type: 'ephemeral' }), 5 * MINUTE],
    ['five minutes', block({ type: 'ephemeral', ttl: '5m' }), 5 * MINUTE],
    ['an hour', block({ type: 'ephemeral', ttl: '1h' }), 60 * MINUTE],
    ['words about it', chat('"cache_control": {"ttl": "1h"}'), undefined],
    ['retention of a day', { ...chat('hi'), prompt_cache_retention: '24h' }, 24 * 60 * MINUTE],
    ['retention in memory', { ...chat('hi'), prompt_cache_retention: 'in_memory' }, undefined],
    [
      'at the end of a long body',
      {
        messages: [
          ...Array.from({ length: 50 }, () => ({ content: 'x'.repeat(4000) })),
          { content: [{ cache_control: { ttl: '1h' } }] },
        ],
      },
      60 * MINUTE,
    ],
  ])('%s', (_name, body, ttlMs) => {
    expect(keyOf(body, { headers: { 'session-id': 's' } })?.ttlMs).toBe(ttlMs);
  });
});
