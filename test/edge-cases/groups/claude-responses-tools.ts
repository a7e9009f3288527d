/** Tools of Responses clients at Claude models: custom ones, namespaces, tools added amid the conversation. */
import { expect } from 'vitest';
import { events, message, toolUse } from '../claude-wire.ts';
import type { Entry } from '../ledger.ts';
import { answer, request, stream } from '../through.ts';

type Body = Parameters<typeof request>[2];

const fn = (name: string, more: object = {}) => ({ type: 'function', name, ...more });
const custom = (name: string, more: object = {}) => ({ type: 'custom', name, ...more });
const namespace = (name: string, ...tools: object[]) => ({ type: 'namespace', name, description: 'n', tools });
const added = (...tools: object[]) => ({ type: 'additional_tools', tools });
const user = { role: 'user', content: 'a' };
const NO_PARAMETERS = { type: 'object', properties: {} };

function toClaude(tools: readonly object[], input: readonly object[] = [user], more: Body = {}) {
  const { body, warnings } = request('openai-responses', 'anthropic-messages', { tools, input, ...more });
  return {
    ...body,
    names: (body.tools ?? []).map(({ name }: Body) => name),
    dropped: warnings.map(({ path }) => path),
  };
}

const described = (tools: readonly Body[]) => tools.map(({ name, description }) => [name, description]);

/** What becomes of a call, in a whole answer and as the last event of its item in a stream. */
function calledBack(block: Body, asked: Body): unknown {
  const [item] = answer('openai-responses', 'anthropic-messages', message([block]), asked).body.output;
  const given = stream('openai-responses', 'anthropic-messages', events([block]), asked);
  const done = given.filter(({ event }) => event === 'response.output_item.done').map(({ data }) => data.item);
  expect(done).toEqual([item]);
  expect(given.at(-1)?.data.response.output).toEqual([item]);
  return item;
}

const collision =
  'of two tools that come to one name the first is used, for calls as well, and the other is named to the client';

export const responsesTools: readonly Entry[] = [
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_DropsApplyPatchCustomTool'],
    note: 'Claude can write patches: the tool stays, with its grammar in words; only tools that OpenAI runs itself are left out',
    run() {
      const format = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' };
      const hosted = [{ type: 'image_generation' }, { type: 'file_search', vector_store_ids: [] }];
      const { tools, dropped } = toClaude([custom('apply_patch', { description: 'Edits.', format }), ...hosted]);
      expect(tools).toEqual([
        {
          name: 'apply_patch',
          description: 'Edits.\n\nThe input must follow this lark grammar:\nstart: "x"',
          input_schema: {
            type: 'object',
            properties: { input: { type: 'string' } },
            required: ['input'],
            additionalProperties: false,
          },
        },
      ]);
      expect(dropped).toEqual(['tools[1]', 'tools[2]']);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_NormalizesRootToolSchemaUnion'],
    run() {
      const object = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
      const schema = toClaude([fn('f', { parameters: { oneOf: [object] } })]).tools[0].input_schema;
      expect(schema).toEqual({ ...object, description: '(one of: ["a"])' });
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_MergesAdditionalToolsAndPrefersTopLevel'],
    run() {
      const late = added(fn('f', { description: 'late' }), fn('g', { description: 'late' }));
      const { tools, dropped, messages } = toClaude([fn('f', { description: 'top' })], [late, user]);
      expect(described(tools)).toEqual([
        ['f', 'top'],
        ['g', 'late'],
      ]);
      expect(dropped).toEqual(['input[0].tools[0]']);
      expect(messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'a' }] }]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_DeduplicatesExpandedToolNames'],
    run() {
      const twice = [
        namespace('ns', fn('f', { description: 'first' })),
        namespace('ns', fn('f', { description: 'second' })),
      ];
      const { tools, dropped } = toClaude([...twice, fn('z')]);
      expect(described(tools)).toEqual([
        ['ns__f', 'first'],
        ['z', undefined],
      ]);
      expect(dropped).toEqual(['tools[1].tools[0]']);
    },
  },
  {
    names: [
      'ConvertOpenAIResponsesRequestToClaude_DirectToolWinsOverEarlierNamespaceCollision',
      'ConvertOpenAIResponsesRequestToClaude_PrefersDirectToolAcrossAdditionalSources',
      'ConvertClaudeResponseToOpenAIResponses_DirectCustomWinsNamespaceCollision',
    ],
    note: collision,
    run() {
      const inside = namespace('ns', fn('f', { description: 'inside' }));
      const direct = custom('ns__f', { description: 'direct' });
      for (const [tools, input] of [
        [[inside, direct], [user]],
        [[], [added(inside), added(direct), user]],
      ] as const) {
        const asked = toClaude(tools, input);
        expect(described(asked.tools)).toEqual([['ns__f', 'inside']]);
        expect(asked.dropped).toHaveLength(1);
        const call = { type: 'function_call', name: 'f', namespace: 'ns', call_id: 't1', arguments: '{}' };
        expect(calledBack(toolUse('t1', 'ns__f'), { tools, input })).toMatchObject(call);
      }
      const call = { type: 'custom_tool_call', name: 'ns__f', call_id: 't1', input: 'x' };
      const asked = { tools: [direct, inside], input: [user] };
      const back = calledBack(toolUse('t1', 'ns__f', { input: 'x' }), asked);
      expect(back).toMatchObject(call);
      expect(back).not.toHaveProperty('namespace');
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_PreservesToolDeclarationOrder'],
    run() {
      const { names } = toClaude([fn('b'), namespace('n', fn('c')), custom('d'), fn('a')], [added(fn('x')), user]);
      expect(names).toEqual(['b', 'n__c', 'd', 'a', 'x']);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_ReplaysCustomToolCallHistory'],
    run() {
      const call = { type: 'custom_tool_call', call_id: 'c1', name: 'd', input: 'raw' };
      const output = { type: 'custom_tool_call_output', call_id: 'c1', output: 'res' };
      expect(toClaude([custom('d')], [user, call, output]).messages.slice(1)).toEqual([
        { role: 'assistant', content: [toolUse('c1', 'd', { input: 'raw' })] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'res' }] }],
        },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_ReplaysNamespacedFunctionCallHistory'],
    run() {
      const call = { type: 'function_call', call_id: 'c1', namespace: 'ns', name: 'f', arguments: '{"a":1}' };
      const output = { type: 'function_call_output', call_id: 'c1', output: 'r' };
      const { names, messages } = toClaude([namespace('ns', fn('f'))], [user, call, output]);
      expect(names).toEqual(['ns__f']);
      expect(messages[1].content).toEqual([toolUse('c1', 'ns__f', { a: 1 })]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_MapsCustomAndNamespacedToolChoice'],
    run() {
      const choice = (tools: readonly object[], tool_choice: object) =>
        toClaude(tools, [user], { tool_choice }).tool_choice;
      expect(choice([custom('d')], custom('d'))).toEqual({ type: 'tool', name: 'd' });
      const chosen = fn('f', { namespace: 'ns' });
      expect(choice([namespace('ns', fn('f'))], chosen)).toEqual({ type: 'tool', name: 'ns__f' });
    },
  },
  {
    names: ['QualifyResponsesNamespaceToolNameAvoidsPrefixCollision'],
    note: 'every name gets its namespace in front, also one that seems to have it: only so two tools never become one',
    run() {
      const { names } = toClaude([namespace('ns', fn('f'), fn('ns__f')), namespace('n', fn('s__f'))]);
      expect(names).toEqual(['ns__f', 'ns__ns__f', 'n__s__f']);
    },
  },
  {
    names: ['SplitResponsesQualifiedFunctionCallFromAdditionalTools'],
    run() {
      const asked = { input: [added(namespace('ns', fn('f'), fn('ns__f'))), user] };
      const item = { type: 'function_call', namespace: 'ns' };
      expect(calledBack(toolUse('t1', 'ns__f'), asked)).toMatchObject({ ...item, name: 'f' });
      expect(calledBack(toolUse('t1', 'ns__ns__f'), asked)).toMatchObject({ ...item, name: 'ns__f' });
      expect(calledBack(toolUse('t1', 'ns__g'), asked)).not.toHaveProperty('namespace');
    },
  },
  {
    names: [
      'ConvertClaudeResponseToOpenAIResponses_RestoresAdditionalNamespaceCustomToolCall',
      'ConvertClaudeResponseToOpenAIResponsesNonStream_RestoresAdditionalNamespaceCustomToolCall',
    ],
    run() {
      const asked = { input: [added(namespace('ns', custom('d'))), user] };
      expect(calledBack(toolUse('t1', 'ns__d', { input: 'raw' }), asked)).toEqual({
        id: 'ctc_msg_1_0',
        type: 'custom_tool_call',
        status: 'completed',
        call_id: 't1',
        input: 'raw',
        name: 'd',
        namespace: 'ns',
      });
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_CustomToolEmptyInputMatchesNonStream'],
    run() {
      const asked = { input: [user], tools: [custom('d')] };
      for (const input of [{}, { input: '' }]) {
        expect(calledBack(toolUse('t1', 'd', input), asked)).toMatchObject({ type: 'custom_tool_call', input: '' });
      }
    },
  },
  {
    names: [
      'ConvertClaudeResponseToOpenAIResponses_RestoresNamespaceFunctionCall',
      'ConvertClaudeResponseToOpenAIResponsesNonStream_RestoresNamespaceFunctionCall',
    ],
    run() {
      const asked = { input: [user], tools: [namespace('ns', fn('f', { parameters: NO_PARAMETERS }))] };
      expect(calledBack(toolUse('t1', 'ns__f', { a: 1 }), asked)).toEqual({
        id: 'fc_msg_1_0',
        type: 'function_call',
        status: 'completed',
        call_id: 't1',
        arguments: '{"a":1}',
        name: 'f',
        namespace: 'ns',
      });
    },
  },
];
