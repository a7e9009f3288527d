import { expect } from 'vitest';
import type { Ask, Case, Turn, View } from './model.ts';

const user = (text: string): Turn => ({ role: 'user', text });
const tool = { name: 'ping', description: 'Pings', schema: { type: 'object', properties: {} } };
const odd = {
  name: 'mcp__a_server_with_a_long_name__a_tool_whose_name_is_longer_than_sixty_four_characters',
  description: 'Odd',
  schema: { type: 'object', properties: { a: { type: 'string' } } },
};
const textsOf = (view: View): string => view.turns.map((turn) => turn.text).join('|');

/** A number that some dialects do not have: it arrives, or its loss is reported. */
function setting(
  name: string,
  key: keyof Ask & keyof View,
  value: number,
  path: RegExp,
  without: readonly string[],
): Case {
  return {
    name,
    ask: { turns: [user('hi')], [key]: value },
    answer: { text: 'ok' },
    seen: (view, _, dropped) => {
      if (view[key] === undefined) expect(dropped.join(' ')).toMatch(path);
      else expect(view[key]).toBe(value);
    },
    skip: (client) => (without.includes(client) ? 'the client dialect has no such setting' : undefined),
  };
}

const responsesLacks = ['openai-responses'];
const onlyChatAndGemini = ['openai-responses', 'anthropic-messages'];

/** More of what a request can say. */
export const requestCases: readonly Case[] = [
  {
    name: 'developer message',
    ask: { turns: [{ role: 'developer', text: 'Be brief.' }, user('hi')] },
    answer: { text: 'ok' },
    seen: (view) => {
      expect(view.system + textsOf(view)).toContain('Be brief.');
      expect(view.turns.at(-1)?.text).toMatch(/hi$/);
    },
  },
  {
    name: 'several system messages',
    ask: { turns: [{ role: 'system', text: 'One.' }, { role: 'system', text: 'Two.' }, user('hi')] },
    answer: { text: 'ok' },
    seen: (view) => expect(`${view.system}|${textsOf(view)}`).toMatch(/One\..*Two\..*hi$/s),
  },
  {
    name: 'text in several parts',
    ask: { turns: [{ role: 'user', text: 'one', more: ['two', '', 'three'] }] },
    answer: { text: 'ok' },
    seen: (view) => expect(view.turns[0]?.text.split(/\n+/)).toEqual(['one', 'two', 'three']),
  },
  {
    name: 'PDF by URL',
    ask: { turns: [{ role: 'user', text: 'read', pdfUrl: 'https://example.com/a.pdf' }] },
    answer: { text: 'ok' },
    seen: (view, upstream, dropped) => {
      if (upstream === 'openai-chat') expect(dropped).toHaveLength(1);
      else expect(view.turns[0]?.pdfs).toEqual(['https://example.com/a.pdf']);
    },
    skip: (client) => (client === 'openai-chat' ? 'Chat Completions has no files by URL' : undefined),
  },
  {
    name: 'audio',
    ask: { turns: [{ role: 'user', text: 'listen', audio: 'SUQzBAA=' }] },
    answer: { text: 'ok' },
    seen: (view, upstream, dropped) => {
      if (upstream === 'anthropic-messages') expect(dropped).toHaveLength(1);
      else expect(view.turns[0]?.audios).toEqual(['SUQzBAA=']);
    },
    skip: (client) => (client === 'anthropic-messages' ? 'Claude takes no audio' : undefined),
  },
  {
    name: 'prefilled answer as the last message',
    ask: { turns: [user('complete'), { role: 'assistant', text: 'The answer is' }] },
    answer: { text: ' 42' },
    seen: (view) => expect(view.turns.at(-1)).toMatchObject({ role: 'assistant', text: 'The answer is' }),
  },
  {
    name: 'empty text',
    ask: { turns: [user('one'), { role: 'assistant', text: '' }, user('two')] },
    answer: { text: '' },
    seen: (view) => expect(textsOf(view)).toMatch(/one.*two/s),
  },
  {
    name: 'tool results out of order',
    ask: {
      turns: [
        user('ping'),
        {
          role: 'assistant',
          calls: [
            { id: 'call_a', name: 'ping', arguments: {} },
            { id: 'call_b', name: odd.name, arguments: { a: 'b' } },
          ],
        },
        { role: 'tool', id: 'call_b', name: odd.name, text: 'second' },
        { role: 'tool', id: 'call_a', name: 'ping', text: 'first' },
      ],
      tools: [tool, odd],
    },
    answer: { text: 'ok' },
    seen: (view) => {
      expect(view.turns.at(-2)?.calls.map((call) => call.arguments)).toEqual([{}, { a: 'b' }]);
      expect(
        view.turns
          .at(-1)
          ?.results.map((result) => result.text)
          .toSorted(),
      ).toEqual(['first', 'second']);
    },
  },
  {
    name: 'tool call without a result',
    ask: {
      turns: [
        user('ping'),
        { role: 'assistant', calls: [{ id: 'call_a', name: 'ping', arguments: {} }] },
        user('never mind'),
      ],
      tools: [tool],
    },
    answer: { text: 'ok' },
    seen: (view) => expect(view.turns.at(-1)?.text).toContain('never mind'),
  },
  {
    name: 'tool result given twice',
    ask: {
      turns: [
        user('ping'),
        { role: 'assistant', calls: [{ id: 'call_a', name: 'ping', arguments: {} }] },
        { role: 'tool', id: 'call_a', name: 'ping', text: 'pong' },
        { role: 'tool', id: 'call_a', name: 'ping', text: 'pong' },
      ],
      tools: [tool],
    },
    answer: { text: 'ok' },
    seen: (view) => expect(JSON.stringify(view.turns.at(-1))).toContain('pong'),
  },
  {
    name: 'JSON mode without a schema',
    ask: { turns: [user('json')], jsonObject: true },
    answer: { text: '{}' },
    seen: (view, upstream, dropped) => {
      if (upstream === 'anthropic-messages')
        expect(dropped.join()).toMatch(/response_format|text.format|responseMimeType/);
      else expect(view.jsonObject).toBe(true);
    },
    skip: (client) => (client === 'anthropic-messages' ? 'Claude has no JSON mode without a schema' : undefined),
  },
  {
    name: 'temperature above 1',
    ask: { turns: [user('hi')], temperature: 1.5 },
    answer: { text: 'ok' },
    seen: (view, upstream, dropped) => {
      expect(view.temperature).toBe(upstream === 'anthropic-messages' ? 1 : 1.5);
      if (upstream === 'anthropic-messages') expect(dropped.join()).toContain('temperature');
    },
    skip: (client) => (client === 'anthropic-messages' ? 'Claude takes 0 to 1' : undefined),
  },
  setting('top_k', 'topK', 7, /top_k|topK/, responsesLacks),
  setting('seed', 'seed', 42, /seed/, onlyChatAndGemini),
  setting('presence penalty', 'presencePenalty', 0.5, /presence/, onlyChatAndGemini),
  setting('frequency penalty', 'frequencyPenalty', 0.5, /frequency/, onlyChatAndGemini),
];
