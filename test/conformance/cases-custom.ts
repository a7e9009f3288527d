import { expect } from 'vitest';
import type { ScriptedAnswer, SeenRequest, UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';
import type { Case, Turn } from './model.ts';

const openAi: readonly UpstreamDialect[] = ['openai-chat', 'openai-responses'];
const turns: readonly Turn[] = [{ role: 'user', text: 'patch it' }];
const PATCH = '*** Begin Patch\n+ "quoted" \\ and 🙂\n*** End Patch';
const GRAMMAR = 'start: "*** Begin Patch" LF /.+/';
const patch = { name: 'apply_patch', description: 'Applies a patch' };
const call = { name: 'apply_patch', arguments: PATCH, custom: true };

/** A model that calls the tool as it was offered: as free text, or as a function with one argument. */
function asOffered(answer: ScriptedAnswer): (seen: SeenRequest) => ScriptedAnswer {
  return ({ tools }) => {
    const toolCalls = (answer.toolCalls ?? []).map((one) => {
      if (one.custom !== true || tools.some((tool) => tool.custom && tool.name === one.name)) return one;
      return { name: one.name, arguments: { input: one.arguments } };
    });
    return { ...answer, toolCalls };
  };
}

const customCase = (name: string, answer: ScriptedAnswer, more: Partial<Case> = {}): Case => ({
  name,
  clients: openAi,
  ask: { turns, customTools: [patch] },
  answer,
  reply: asOffered(answer),
  seen: (view) => expect(view.tools).toMatchObject([{ name: 'apply_patch', properties: ['input'] }]),
  ...more,
});

const fn = (name: string): Wire => ({
  type: 'function',
  name,
  description: `Does ${name}`,
  parameters: { type: 'object', properties: { at: { type: 'string' } } },
  strict: false,
});
const calledAs = (match: RegExp, more: Wire = {}): ((seen: SeenRequest) => ScriptedAnswer) => {
  return ({ dialect, tools }) => {
    if (dialect === 'openai-responses') return { toolCalls: [{ arguments: { at: 'x' }, ...more }] };
    const name = tools.find((tool) => match.test(tool.name))?.name ?? 'nothing like it was offered';
    return { toolCalls: [{ name, arguments: { at: 'x' } }] };
  };
};

const found = { ...fn('find_file'), defer_loading: true };
const searched: Wire = {
  input: [
    { type: 'message', role: 'user', content: 'find it' },
    { type: 'tool_search_call', call_id: 'call_s', execution: 'client', arguments: { query: 'file' } },
    { type: 'tool_search_output', call_id: 'call_s', execution: 'client', status: 'completed', tools: [found] },
  ],
};

/** Where definitions cannot be deferred the model is offered the tool at once; the search itself has no place there. */
const deferred = (client: UpstreamDialect, search: Wire, tool: Wire): Case => ({
  name: 'tool whose definition is deferred',
  clients: [client],
  ask: { turns, wire: { tools: [tool, search] } },
  answer: { toolCalls: [{ name: 'find_file', arguments: { at: 'x' } }] },
  seen(view, upstream, dropped) {
    expect(view.tools.map(({ name }) => name)).toEqual(['find_file']);
    if (upstream === client) expect(view.raw).toContain('"defer_loading":true');
    else expect(dropped).toEqual(['tools[1]']);
  },
});

/** Tools that are no plain functions. */
export const customCases: readonly Case[] = [
  customCase('custom tool', { text: 'So be it.', toolCalls: [call] }),
  customCase(
    'custom tool with a grammar',
    { toolCalls: [call] },
    {
      ask: { turns, customTools: [{ ...patch, grammar: GRAMMAR }] },
      // Where it binds nothing, it is told to the model.
      seen: (view) => expect(view.raw).toContain(JSON.stringify(GRAMMAR).slice(1, -1)),
    },
  ),
  customCase('custom tool, one character at a time', { toolCalls: [call], slow: true }),
  customCase(
    'custom tool next to a function',
    { toolCalls: [call, { name: 'look', arguments: { at: 'x' } }] },
    {
      ask: {
        turns,
        customTools: [patch],
        tools: [{ name: 'look', description: 'Looks', schema: fn('look').parameters }],
      },
      seen: (view) => expect(view.tools.map(({ name }) => name).toSorted()).toEqual(['apply_patch', 'look']),
    },
  ),
  customCase(
    'calls and results of a custom tool in the conversation',
    { text: 'done' },
    {
      ask: {
        turns: [
          ...turns,
          { role: 'assistant', calls: [{ id: 'call_1', name: 'apply_patch', arguments: PATCH, custom: true }] },
          { role: 'tool', id: 'call_1', name: 'apply_patch', text: 'applied', custom: true },
        ],
        customTools: [patch],
      },
      seen(view) {
        const [made] = view.turns.flatMap(({ calls }) => calls);
        expect(made?.name).toBe('apply_patch');
        expect([PATCH, { input: PATCH }]).toContainEqual(made?.arguments);
        expect(view.turns.at(-1)?.results.map(({ text }) => text)).toEqual(['applied']);
      },
    },
  ),
  {
    name: 'tools in a namespace',
    clients: ['openai-responses'],
    ask: {
      turns,
      wire: {
        tools: [{ type: 'namespace', name: 'mcp__files', description: 'Files', tools: [fn('read'), fn('list')] }],
      },
    },
    answer: { toolCalls: [{ name: 'mcp__files/read', arguments: { at: 'x' } }] },
    reply: calledAs(/read$/, { name: 'read', namespace: 'mcp__files' }),
    seen: (view) => {
      expect(view.tools).toMatchObject([{ description: 'Does read' }, { description: 'Does list' }]);
      expect(new Set(view.tools.map(({ name }) => name)).size).toBe(2);
    },
  },
  {
    name: 'tools of one name in two namespaces',
    clients: ['openai-responses'],
    ask: {
      turns,
      wire: {
        tools: ['here', 'there'].map((name) => ({ type: 'namespace', name, description: name, tools: [fn('read')] })),
      },
    },
    answer: { toolCalls: [{ name: 'there/read', arguments: { at: 'x' } }] },
    reply: calledAs(/there.*read$/, { name: 'read', namespace: 'there' }),
    seen: (view, upstream) => {
      if (upstream !== 'openai-responses') expect(new Set(view.tools.map(({ name }) => name)).size).toBe(2);
    },
  },
  {
    name: 'calls of namespaced tools in the conversation',
    clients: ['openai-responses'],
    ask: {
      turns,
      wire: {
        tools: [{ type: 'namespace', name: 'files', description: 'Files', tools: [fn('read')] }],
        input: [
          { type: 'message', role: 'user', content: 'read it' },
          { type: 'function_call', call_id: 'call_1', namespace: 'files', name: 'read', arguments: '{"at":"x"}' },
          { type: 'function_call_output', call_id: 'call_1', output: 'content' },
        ],
      },
    },
    answer: { text: 'ok' },
    seen(view) {
      const [made] = view.turns.flatMap(({ calls }) => calls);
      expect(made).toEqual({ name: view.tools[0]?.name, arguments: { at: 'x' } });
      expect(view.turns.at(-1)?.results[0]?.text).toBe('content');
    },
  },
  deferred('openai-responses', { type: 'tool_search' }, found),
  deferred(
    'anthropic-messages',
    { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' },
    { name: 'find_file', description: 'Finds', input_schema: found.parameters, defer_loading: true },
  ),
  {
    name: 'tools that a search of the client found',
    clients: ['openai-responses'],
    ask: { turns, wire: { ...searched, tools: [{ type: 'tool_search', execution: 'client', description: 'Finds' }] } },
    answer: { toolCalls: [{ name: 'find_file', arguments: { at: 'x' } }] },
    seen: (view, upstream) => {
      if (upstream === 'openai-responses') expect(view.raw).toContain('"tool_search_output"');
      else expect(view.tools.map(({ name }) => name)).toContain('find_file');
    },
  },
];
