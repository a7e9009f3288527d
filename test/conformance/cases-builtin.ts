import { expect } from 'vitest';
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';
import { SEARCHING_MODEL } from './cases-special-models.ts';
import type { BuiltIn, Case, Turn } from './model.ts';

const turns: readonly Turn[] = [{ role: 'user', text: 'Who won?' }];
const search = { query: 'who won the cup', url: 'https://example.com/a', title: 'The cup', supports: 'Sp🙂in won.' };
const code = { code: 'print(6 * 7)', output: '42\n' };
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The tool is offered where the upstream has it; elsewhere the client is told that it is not. */
function offered(tool: BuiltIn, clients: readonly UpstreamDialect[], upstreams: readonly UpstreamDialect[]): Case {
  return {
    name: `${tool} is offered`,
    clients,
    ask: { turns, builtIns: [tool] },
    answer: { text: 'ok' },
    seen(view, upstream, dropped) {
      const has = upstreams.includes(upstream);
      expect(view.builtIns).toEqual(has ? [tool] : []);
      expect(dropped.length).toBe(has ? 0 : 1);
    },
  };
}

const searchers: readonly UpstreamDialect[] = ['openai-responses', 'anthropic-messages', 'gemini'];
const told = (client: UpstreamDialect, upstream: UpstreamDialect): boolean =>
  searchers.includes(client) && searchers.includes(upstream);

/** What providers run themselves: how it is offered, what came of it, and that the next turn knows of it. */
export const builtInCases: readonly Case[] = [
  {
    ...offered('web-search', ['openai-chat', ...searchers], ['openai-chat', ...searchers]),
    models: { 'openai-chat': SEARCHING_MODEL },
  },
  {
    name: 'web-search for a model that does not search',
    clients: searchers,
    ask: { turns, builtIns: ['web-search'] },
    answer: { text: 'ok' },
    seen(view, upstream, dropped) {
      if (upstream !== 'openai-chat') return;
      expect(view.builtIns).toEqual([]);
      expect(dropped).toEqual([expect.stringMatching(/^tools\[0\]/)]);
    },
  },
  // Claude takes a foreign code execution only with beta access.
  {
    ...offered('code-execution', ['openai-responses', 'gemini'], ['openai-responses', 'gemini']),
    name: 'code-execution is offered',
  },
  {
    name: 'code-execution of Claude is offered',
    clients: ['anthropic-messages'],
    ask: { turns, builtIns: ['code-execution'] },
    answer: { text: 'ok' },
    seen(view, upstream, dropped) {
      expect(view.builtIns).toEqual(upstream === 'openai-chat' ? [] : ['code-execution']);
      expect(dropped.length).toBe(upstream === 'openai-chat' ? 1 : 0);
    },
  },
  offered('image-generation', ['openai-responses'], ['openai-responses']),
  {
    name: 'search with results and citations, and the turn after it',
    ask: { turns },
    answer: { text: 'Sp🙂in won. Ok.', search },
    got(answer, client, upstream) {
      // Claude cites whole blocks, so towards its clients the place is known only from itself.
      const exact = client !== 'anthropic-messages' || upstream === 'anthropic-messages';
      expect(answer.cited).toEqual([[search.url, search.title, exact ? 'Sp🙂in won.' : 'Sp🙂in won. Ok.']]);
      expect(answer.queries).toEqual(told(client, upstream) ? [search.query] : []);
      if (told(client, upstream)) expect(answer.found).toEqual([search.url]);
    },
    next(view, upstream, client) {
      const said = view.turns.find(({ role }) => role === 'assistant');
      expect(said?.text.replaceAll('\n', '')).toContain('Sp🙂in won. Ok.');
      if (client !== 'openai-chat' && client !== 'gemini' && upstream !== client)
        expect(view.raw).not.toContain('srvtoolu_');
      expect(view.turns.at(-1)?.text).toContain('And then?');
    },
  },
  {
    name: 'citations in a text before a call',
    ask: { turns, tools: [{ name: 'note', description: 'Notes', schema: { type: 'object', properties: {} } }] },
    answer: { text: 'Sp🙂in won. Ok.', search, toolCalls: [{ name: 'note', arguments: { who: 'Spain' } }] },
    got(answer, client, upstream) {
      const exact = client !== 'anthropic-messages' || upstream === 'anthropic-messages';
      const place = exact ? 'Sp🙂in won.' : 'Sp🙂in won. Ok.';
      expect(answer.cited).toEqual([[search.url, search.title, expect.any(String)]]);
      // Gemini's stream names its sources when the text has ended: then the page is told without the place.
      expect(upstream === 'gemini' ? [place, ''] : [place]).toContain(answer.cited[0]?.[2]);
    },
  },
  {
    name: 'search and code in one answer',
    ask: { turns },
    answer: { text: 'Sp🙂in won. 42.', search, code },
    got(answer, client, upstream) {
      expect(answer.queries).toEqual(told(client, upstream) ? [search.query] : []);
      expect(answer.code).toEqual(told(client, upstream) ? [code] : []);
      expect(answer.cited).toHaveLength(1);
    },
    skip: (_, upstream) => (upstream === 'openai-chat' ? 'Chat Completions has no code execution' : undefined),
  },
  {
    name: 'code that was run with its output, and the turn after it',
    ask: { turns },
    answer: { text: 'It is 42.', code },
    got(answer, client, upstream) {
      expect(answer.code).toEqual(told(client, upstream) ? [code] : []);
    },
    next(view, upstream, client) {
      expect(view.raw).toContain('It is 42.');
      if (client === 'openai-chat') return;
      const asked = upstream === 'openai-chat' ? [] : [code.code];
      for (const words of asked) expect(view.raw).toContain(words);
    },
    skip: (_, upstream) => (upstream === 'openai-chat' ? 'Chat Completions has no code execution' : undefined),
  },
  {
    name: 'generated image, and the turn after it',
    ask: { turns },
    answer: { text: 'Here it is.', image: PNG },
    got(answer, client) {
      expect(answer.generated).toEqual(client === 'anthropic-messages' ? [] : [PNG]);
    },
    next(view, upstream, client, dropped) {
      expect(view.raw).toContain('Here it is.');
      if (client !== 'openai-responses' && client !== 'gemini') return;
      // Only these two have images of the model in a conversation, and Responses only its own.
      const taken = upstream === client || upstream === 'gemini';
      expect(view.raw.includes(PNG)).toBe(taken);
      expect(dropped.length).toBe(taken ? 0 : 1);
    },
    skip: (_, upstream) => (upstream === 'anthropic-messages' ? 'Claude generates no images' : undefined),
  },
];
