import { expect } from 'vitest';
import type { Case, Turn } from './model.ts';

const user = (text: string): Turn => ({ role: 'user', text });
const ping = { name: 'ping', description: 'Pings', schema: { type: 'object', properties: {} } };
const LONG = 'mcp__a_server_with_a_long_name__a_tool_whose_name_is_longer_than_sixty_four_characters';
const odd = { name: LONG, description: 'Odd', schema: { type: 'object', properties: { a: { type: 'string' } } } };

/** More of what an answer can be. */
export const answerCases: readonly Case[] = [
  {
    name: 'answer cut off by the limit',
    ask: { turns: [user('long')], maxTokens: 5 },
    answer: { text: 'It begins', finish: 'length' },
  },
  {
    name: 'answer stopped by the content filter',
    ask: { turns: [user('bad')] },
    answer: { text: 'It be', finish: 'content-filter' },
    got: (answer) => expect(answer.refused).toBe(true),
  },
  {
    name: 'stop sequence hit',
    ask: { turns: [user('list')], stop: ['###'] },
    answer: { text: 'one, two', finish: 'stop-sequence' },
    got: (answer, client, upstream) => {
      if (client === 'anthropic-messages' && upstream === client) expect(answer.stopSequence).toBe('###');
    },
    skip: (client, upstream) =>
      client === 'openai-responses' || upstream === 'openai-responses'
        ? 'the Responses API has no stop sequences'
        : undefined,
  },
  {
    name: 'refusal',
    ask: { turns: [user('bad')] },
    answer: { refusal: 'I will not do that.' },
    // Refusals are parts of a finished answer at OpenAI, and a reason to end elsewhere.
    finish: (client, upstream) =>
      upstream.startsWith('openai') && client.startsWith('openai') ? 'stop' : 'content-filter',
    got: (answer) => expect(answer.refused).toBe(true),
  },
  {
    name: 'refusal with text before it',
    ask: { turns: [user('bad')] },
    answer: { text: 'Well. ', refusal: 'No.' },
    finish: (client, upstream) =>
      upstream.startsWith('openai') && client.startsWith('openai') ? 'stop' : 'content-filter',
    got: (answer) => expect(answer.refused).toBe(true),
  },
  {
    name: 'very long text',
    ask: { turns: [user('x'.repeat(300_000))] },
    answer: { text: 'Long, and "longer" 🙂\n'.repeat(4000) },
    seen: (view) => expect(view.turns[0]?.text.length).toBe(300_000),
  },
  {
    name: 'nothing but reasoning',
    ask: { turns: [user('think')] },
    answer: { reasoning: 'Hm.' },
  },
  {
    name: 'text, one character at a time',
    ask: { turns: [user('slow')] },
    answer: { text: 'Zürich: 👨‍👩‍👧 \\ "x"\n\u2028', reasoning: 'ü🙂', slow: true },
  },
  {
    name: 'arguments, one character at a time',
    ask: { turns: [user('slow')], tools: [ping, odd] },
    answer: {
      slow: true,
      toolCalls: [
        { name: 'ping', arguments: { text: '🙂 \\u0041 "\\" \n\t\u0007', nested: [{ a: null }, 1e21, -0.5, true] } },
        { name: 'ping', arguments: {} },
      ],
    },
  },
  {
    name: 'parallel arguments, one character in turns',
    ask: { turns: [user('slow')], tools: [ping] },
    answer: {
      slow: true,
      interleaved: true,
      toolCalls: [
        { name: 'ping', arguments: { a: '🙃' } },
        { name: 'ping', arguments: { b: ['"', '\\'] } },
        { name: 'ping', arguments: { c: 3 } },
      ],
    },
  },
  {
    name: 'unusual arguments',
    ask: { turns: [user('odd')], tools: [ping] },
    answer: {
      toolCalls: [
        { name: 'ping', arguments: { '': 1, 'a.b': { 'ü "': [[]] }, big: 12345678901234567890n.toString() } },
      ],
    },
  },
  {
    name: 'call without arguments',
    ask: { turns: [user('ping')], tools: [ping] },
    answer: { toolCalls: [{ name: 'ping', arguments: {} }] },
  },
  ...[LONG, 'mcp.files:read'].map(
    (name): Case => ({
      name: name === LONG ? 'tool name of more than 64 characters' : 'tool name with dots and colons',
      ask: { turns: [user('odd')], tools: [{ ...odd, name }, ping], toolChoice: { name } },
      answer: { toolCalls: [{ name, arguments: { a: 'b' } }] },
      byGivenName: true,
      seen: (view) => expect(view.toolChoice).toBe(view.tools[0]?.name),
    }),
  ),
  {
    name: 'parallel calls whose arguments come in turns',
    ask: { turns: [user('both')], tools: [ping, odd] },
    answer: {
      interleaved: true,
      text: 'Both.',
      toolCalls: [
        { name: 'ping', arguments: { path: 'C:\\\\temp\\n "x"', list: [1, 2, { deep: null }] } },
        { name: 'ping', arguments: { text: '🙂🙃'.repeat(9) } },
      ],
    },
  },
  {
    name: 'surrogate pairs and control characters',
    ask: { turns: [user('\u{1F468}\u200D\u{1F469}\u200D\u{1F467} \u0000\u001F\u2028\u2029')] },
    answer: { text: '👨‍👩‍👧'.repeat(20), reasoning: '𝒳'.repeat(31) },
    seen: (view) =>
      expect(view.turns[0]?.text).toBe('\u{1F468}\u200D\u{1F469}\u200D\u{1F467} \u0000\u001F\u2028\u2029'),
  },
  {
    name: 'two answers (n = 2)',
    ask: { turns: [user('two')], count: 2 },
    answer: { text: 'first', others: ['second'] },
    seen: (view, upstream, dropped) => {
      if (upstream === 'openai-chat' || upstream === 'gemini') expect(view.count).toBe(2);
      else expect(dropped.join()).toMatch(/^(n|generationConfig\.candidateCount)$/);
    },
    got: (answer, _, upstream) => {
      if (upstream === 'openai-chat' || upstream === 'gemini') expect(answer.others).toEqual(['second']);
    },
    skip: (client) =>
      client === 'openai-responses' || client === 'anthropic-messages'
        ? 'the client dialect has one answer'
        : undefined,
  },
];
