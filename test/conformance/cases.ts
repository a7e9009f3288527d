import { expect } from 'vitest';
import type { Case, Picture, Turn } from './model.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PDF = 'JVBERi0xLjQKJSVFT0YK';
const picture: Picture = { base64: PNG, mediaType: 'image/png' };
const pictureUrl = `data:image/png;base64,${PNG}`;

const user = (text: string): Turn => ({ role: 'user', text });
const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: {
    type: 'object',
    properties: { city: { type: 'string', description: 'Name' }, days: { type: 'integer' } },
    required: ['city'],
  },
};
const clock = {
  name: 'get_time',
  description: 'The time',
  schema: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] },
};
const called = { id: 'call_1', name: 'get_weather', arguments: { city: 'Zürich' } };
const usage = { input: 120, cached: 100, output: 30, reasoning: 12 };

const EFFORT_BUDGET = { low: 1024, medium: 8192, high: 24_576 };

export const cases: readonly Case[] = [
  {
    name: 'text',
    ask: { turns: [user('Grüezi 你好 🙂 "quoted" \\ \n new line')] },
    answer: { text: 'Answer with ünïcödé 🙂 and "quotes" \\ and\nlines.' },
    seen: (view) =>
      expect(view.turns).toMatchObject([{ role: 'user', text: 'Grüezi 你好 🙂 "quoted" \\ \n new line' }]),
  },
  {
    name: 'system message',
    ask: { turns: [{ role: 'system', text: 'Be brief.' }, user('hi')] },
    answer: { text: 'ok' },
    seen: (view) => {
      expect(view.system).toBe('Be brief.');
      expect(view.turns).toMatchObject([{ role: 'user', text: 'hi' }]);
    },
  },
  {
    name: 'system message in mid-conversation',
    ask: {
      turns: [
        user('one'),
        { role: 'assistant', text: 'two' },
        { role: 'system', text: 'Now in French.' },
        user('three'),
      ],
    },
    answer: { text: 'quatre' },
    seen: (view) => {
      const texts = view.turns.map((turn) => turn.text).join('|');
      expect(texts).toMatch(/one\|two\|.*Now in French\.[^|]*\|?.*three/s);
    },
  },
  {
    name: 'conversation of several turns',
    ask: { turns: [user('one'), { role: 'assistant', text: 'two' }, user('three')] },
    answer: { text: 'four' },
    seen: (view) =>
      expect(view.turns.map((turn) => [turn.role, turn.text])).toEqual([
        ['user', 'one'],
        ['assistant', 'two'],
        ['user', 'three'],
      ]),
  },
  {
    name: 'image, base64',
    ask: { turns: [{ role: 'user', text: 'look', images: [picture] }] },
    answer: { text: 'a pixel' },
    seen: (view) => expect(view.turns[0]).toMatchObject({ text: 'look', images: [pictureUrl] }),
  },
  {
    name: 'image by URL',
    ask: { turns: [{ role: 'user', text: 'look', images: [{ url: 'https://example.com/a.png' }] }] },
    answer: { text: 'a picture' },
    seen: (view) => expect(view.turns[0]?.images).toEqual(['https://example.com/a.png']),
  },
  {
    name: 'PDF document',
    ask: { turns: [{ role: 'user', text: 'read', pdf: PDF }] },
    answer: { text: 'a document' },
    seen: (view) => expect(view.turns[0]).toMatchObject({ text: 'read', pdfs: [PDF] }),
  },
  {
    name: 'tool definitions and a call',
    ask: { turns: [user('weather?')], tools: [weather, clock] },
    answer: { text: 'Let me see.', toolCalls: [{ name: 'get_weather', arguments: { city: 'Zürich', days: 3 } }] },
    seen: (view) =>
      expect(view.tools).toEqual([
        { name: 'get_weather', description: 'The weather of a city', properties: ['city', 'days'] },
        { name: 'get_time', description: 'The time', properties: ['zone'] },
      ]),
  },
  {
    name: 'parallel tool calls',
    ask: { turns: [user('both')], tools: [weather, clock] },
    answer: {
      toolCalls: [
        { name: 'get_weather', arguments: { city: 'a "quoted" place' } },
        { name: 'get_time', arguments: { zone: 'UTC' } },
        { name: 'get_weather', arguments: { city: '' } },
      ],
    },
  },
  {
    name: 'tool results',
    ask: {
      turns: [
        user('both'),
        {
          role: 'assistant',
          text: 'I look.',
          calls: [called, { id: 'call_2', name: 'get_time', arguments: { zone: 'UTC' } }],
        },
        { role: 'tool', id: 'call_1', name: 'get_weather', text: 'sunny' },
        { role: 'tool', id: 'call_2', name: 'get_time', text: 'noon' },
        user('so?'),
      ],
      tools: [weather, clock],
    },
    answer: { text: 'sunny at noon' },
    seen: (view) => {
      expect(view.turns[1]).toMatchObject({
        role: 'assistant',
        text: 'I look.',
        calls: [
          { name: 'get_weather', arguments: { city: 'Zürich' } },
          { name: 'get_time', arguments: { zone: 'UTC' } },
        ],
      });
      expect(view.turns[2]).toMatchObject({
        role: 'user',
        text: 'so?',
        results: [{ text: 'sunny' }, { text: 'noon' }],
      });
    },
  },
  {
    name: 'tool result that is an error',
    ask: {
      turns: [
        user('weather?'),
        { role: 'assistant', calls: [called] },
        { role: 'tool', id: 'call_1', name: 'get_weather', text: 'no such city', isError: true },
      ],
      tools: [weather],
    },
    answer: { text: 'sorry' },
    seen: (view, upstream) => {
      const result = view.turns.at(-1)?.results[0];
      expect(result?.text).toContain('no such city');
      if (upstream === 'anthropic-messages' || upstream === 'gemini') expect(result?.isError).toBe(true);
    },
    skip: (client) =>
      client.startsWith('openai') ? 'the client dialect cannot mark a tool result as an error' : undefined,
  },
  {
    name: 'tool result with an image',
    ask: {
      turns: [
        user('shoot'),
        { role: 'assistant', calls: [called] },
        { role: 'tool', id: 'call_1', name: 'get_weather', text: 'here', images: [picture] },
      ],
      tools: [weather],
    },
    answer: { text: 'nice' },
    seen: (view) => {
      const last = view.turns.at(-1);
      expect(last?.results[0]?.text).toContain('here');
      // Chat servers take images in user messages only: there it follows the result.
      expect([...(last?.results[0]?.images ?? []), ...(last?.images ?? [])]).toEqual([pictureUrl]);
    },
  },
  ...(['auto', 'none', 'required'] as const).map(
    (toolChoice): Case => ({
      name: `tool choice ${toolChoice}`,
      ask: { turns: [user('hi')], tools: [weather], toolChoice },
      answer: { text: 'ok' },
      seen: (view) => expect(view.toolChoice).toBe(toolChoice),
    }),
  ),
  {
    name: 'tool choice of one tool',
    ask: { turns: [user('hi')], tools: [weather, clock], toolChoice: { name: 'get_time' } },
    answer: { toolCalls: [{ name: 'get_time', arguments: { zone: 'UTC' } }] },
    seen: (view) => expect(view.toolChoice).toBe('get_time'),
  },
  {
    name: 'no parallel tool calls',
    ask: { turns: [user('hi')], tools: [weather], parallel: false },
    answer: { text: 'ok' },
    seen: (view, upstream, dropped) => {
      if (upstream === 'gemini') expect(dropped.join()).toMatch(/parallel|tool_choice/);
      else expect(view.parallel).toBe(false);
    },
    skip: (client) => (client === 'gemini' ? 'Gemini has no switch for parallel function calls' : undefined),
  },
  {
    name: 'reasoning text',
    ask: { turns: [user('think')], effort: 'medium', maxTokens: 32_000 },
    answer: { reasoning: 'First this,\nthen that.', text: 'Therefore.' },
    seen: (view) => expect(['medium', `budget:${EFFORT_BUDGET.medium}`]).toContain(view.effort),
  },
  {
    name: 'reasoning before a tool call',
    ask: { turns: [user('think')], tools: [weather], effort: 'high', maxTokens: 32_000 },
    answer: { reasoning: 'I need the weather.', toolCalls: [{ name: 'get_weather', arguments: { city: 'Bern' } }] },
    seen: (view) => expect(['high', `budget:${EFFORT_BUDGET.high}`]).toContain(view.effort),
  },
  {
    name: 'usage with cache and reasoning',
    ask: { turns: [user('count')] },
    answer: { text: 'counted', usage },
    got: (answer) => expect(answer.usage).toMatchObject({ input: 120, cached: 100, output: 30 }),
  },
  {
    name: 'structured output by schema',
    ask: {
      turns: [user('json')],
      schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
    },
    answer: { text: '{"a":"b"}' },
    seen: (view) =>
      expect(view.schema).toMatchObject({ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }),
  },
  {
    name: 'sampling parameters',
    ask: { turns: [user('hi')], maxTokens: 321, temperature: 0.25 },
    answer: { text: 'ok' },
    seen: (view) => expect(view).toMatchObject({ maxTokens: 321, temperature: 0.25 }),
  },
  {
    name: 'top_p',
    ask: { turns: [user('hi')], topP: 0.5 },
    answer: { text: 'ok' },
    seen: (view) => expect(view.topP).toBe(0.5),
  },
  {
    name: 'stop sequences',
    ask: { turns: [user('hi')], stop: ['END', '###'] },
    answer: { text: 'ok' },
    seen: (view, upstream, dropped) => {
      if (upstream === 'openai-responses') expect(dropped.join()).toMatch(/^(stop|stop_sequences|.*stopSequences)$/);
      else expect(view.stop).toEqual(['END', '###']);
    },
    skip: (client) => (client === 'openai-responses' ? 'the Responses API has no stop sequences' : undefined),
  },
  {
    name: 'end user id',
    ask: { turns: [user('hi')], user: 'user-7' },
    answer: { text: 'ok' },
    // Bookkeeping of the provider, which Gemini has none of: the answer is the same.
    seen: (view, upstream) => expect(view.user).toBe(upstream === 'gemini' ? undefined : 'user-7'),
    skip: (client) => (client === 'gemini' ? 'Gemini has no end user id' : undefined),
  },
];
