/** Answers of Chat Completions for a Responses client, whole and streamed. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { call, chatAnswer, chunk, usageChunk } from '../chat-upstream.ts';
import type { Entry } from '../ledger.ts';
import { answer, stream } from '../through.ts';

const pair = 'ConvertOpenAIChatCompletionsResponseToOpenAIResponses';
const streamed = (...names: string[]): readonly string[] => names.map((name) => `${pair}_${name}`);
const whole = (...names: string[]): readonly string[] => names.map((name) => `${pair}NonStream_${name}`);

const asked = (more: Wire = {}): Wire => ({ input: 'hi', ...more });
const answered = (upstream: Wire, more: Wire = {}): Wire =>
  answer('openai-responses', 'openai-chat', upstream, asked(more)).body;
const events = (chunks: readonly Wire[], more: Wire = {}): readonly Wire[] =>
  stream('openai-responses', 'openai-chat', chunks, asked(more)).map(({ data }) => data);
/** The response of a stream's last event. */
const finished = (chunks: readonly Wire[], more: Wire = {}): Wire => events(chunks, more).at(-1)?.response;

const toolCall = (name: string, id = 'a', text = '{}'): Wire => ({
  id,
  type: 'function',
  function: { name, arguments: text },
});
const asks = (name: string, text = '{}'): Wire =>
  chatAnswer({ content: null, tool_calls: [toolCall(name, 'a', text)] }, 'tool_calls');
const begins = (index: number, name: string, id: string, text = '{}'): Wire =>
  call({ index, ...toolCall(name, id, text) });
const end = [chunk({}, 'tool_calls'), '[DONE]'];

const look = (name: string): Wire => ({ type: 'function', name, parameters: { type: 'object', properties: {} } });
const free = (name: string): Wire => ({ type: 'custom', name });
const space = (...tools: Wire[]): Wire => ({ type: 'namespace', name: 'mcp', tools });
const adding = (...tools: Wire[]): Wire => [
  { type: 'message', role: 'user', content: 'hi' },
  { type: 'additional_tools', tools },
];

const functionItem = (more: Wire): Wire => ({ type: 'function_call', call_id: 'a', arguments: '{}', ...more });
const customItem = (more: Wire): Wire => ({ type: 'custom_tool_call', call_id: 'a', input: 'x', ...more });

/** The one item of the answer, whole and as the stream ends. */
function bothItems(name: string, text: string, more: Wire): readonly Wire[] {
  const [item] = answered(asks(name, text), more).output;
  const [streamedItem] = finished([begins(0, name, 'a', text), ...end], more).output;
  return [item, streamedItem];
}

function expectBoth(name: string, text: string, more: Wire, expected: Wire): void {
  for (const item of bothItems(name, text, more)) {
    const { id: _, status, ...rest } = item;
    expect(status).toBe('completed');
    expect(rest).toEqual(expected);
  }
}

const namespaces: readonly Entry[] = [
  {
    names: [...streamed('RestoresNamespaceFunctionCall'), ...whole('RestoresNamespaceFunctionCall')],
    run: () =>
      expectBoth('mcp__ls', '{}', { tools: [space(look('ls'))] }, functionItem({ name: 'ls', namespace: 'mcp' })),
  },
  {
    names: [
      ...streamed('RestoresAdditionalNamespaceFunctionCall'),
      ...whole('RestoresAdditionalNamespaceFunctionCall'),
    ],
    run: () =>
      expectBoth('mcp__ls', '{}', { input: adding(space(look('ls'))) }, functionItem({ name: 'ls', namespace: 'mcp' })),
  },
  {
    names: [
      ...streamed('RestoresAdditionalNamespaceCustomToolCall'),
      ...whole('RestoresAdditionalNamespaceCustomToolCall'),
    ],
    run() {
      const more = { input: adding(space(free('patch'))) };
      expectBoth('mcp__patch', '{"input":"x"}', more, customItem({ name: 'patch', namespace: 'mcp' }));
    },
  },
  {
    names: ['SplitResponsesQualifiedFunctionCallFromRequest_FirstDeclarationWins'],
    run() {
      const more = { tools: [look('mcp__ls')], input: adding(space(look('ls'))) };
      expectBoth('mcp__ls', '{}', more, functionItem({ name: 'mcp__ls' }));
    },
  },
  {
    names: ['SplitResponsesQualifiedFunctionCallFromRequest_MatchesMergedToolIdentity'],
    run() {
      const more = { tools: [space(look('ls'))], input: adding(look('mcp__ls')) };
      expectBoth('mcp__ls', '{}', more, functionItem({ name: 'ls', namespace: 'mcp' }));
    },
  },
  {
    names: ['ResponsesCustomToolNames_FollowsMergedDeclaration', 'ResponsesCustomToolNames_OnlyReportsMergedTools'],
    run() {
      const text = '{"input":"x"}';
      const functionFirst = { tools: [look('patch')], input: adding(free('patch')) };
      expectBoth('patch', text, functionFirst, functionItem({ name: 'patch', arguments: text }));
      const customFirst = { tools: [free('patch')], input: adding(look('patch')) };
      expectBoth('patch', text, customFirst, customItem({ name: 'patch' }));
      expectBoth('other', text, customFirst, functionItem({ name: 'other', arguments: text }));
    },
  },
];

const calls: readonly Entry[] = [
  {
    names: streamed('CustomToolNameArrivesLate'),
    run() {
      const late = [
        call({ index: 0, id: 'a', function: { arguments: '{"input":' } }),
        call({ index: 0, function: { name: 'patch', arguments: '"x"}' } }),
      ];
      const all = events([...late, ...end], { tools: [free('patch')] });
      const types = all.map(({ type }) => type).filter((type) => type.includes('custom_tool_call_input'));
      expect(types).toEqual(['response.custom_tool_call_input.delta', 'response.custom_tool_call_input.done']);
      expect(all.at(-1)?.response.output).toMatchObject([customItem({ name: 'patch' })]);
    },
  },
  {
    names: [...streamed('CustomToolNameAndIDAreMissing'), 'ResponsesSingleCustomToolName_CountsDeduplicatedTools'],
    note: 'No tool is guessed for a call that names none, not even when only one is declared: it is an error.',
    run() {
      const nameless = call({ index: 0, function: { arguments: '{"input":"x"}' } });
      for (const tools of [[free('patch')], [free('patch'), free('patch')]]) {
        expect(() => events([nameless, ...end], { tools })).toThrow(
          expect.objectContaining({ code: 'upstream_invalid_response' }),
        );
      }
    },
  },
  {
    names: streamed('ToolCallIDMayArriveLateOrBeMissing'),
    run() {
      const named = call({ index: 0, function: { name: 'ls', arguments: '{}' } });
      const ids = (...chunks: Wire[]): Wire => finished([...chunks, ...end]).output.map((item: Wire) => item.call_id);
      expect(ids(named, call({ index: 0, id: 'late' }))).toEqual(['late']);
      expect(ids(named)).toEqual(['call_0_0']);
    },
  },
  {
    names: streamed('MultipleToolCallsRemainSeparate', 'FunctionCallDoneAndCompletedOutputStayAscending'),
    run() {
      const all = events([
        begins(0, 'ls', 'a', ''),
        begins(1, 'cat', 'b', '{"y":'),
        call({ index: 0, function: { arguments: '{"x":1}' } }),
        call({ index: 1, function: { arguments: '2}' } }),
        ...end,
      ]);
      const done = all.filter(({ type }) => type === 'response.output_item.done');
      const told = (items: readonly Wire[]): Wire =>
        items.map(({ call_id, name, arguments: text }) => [call_id, name, text]);
      const expected = [
        ['a', 'ls', '{"x":1}'],
        ['b', 'cat', '{"y":2}'],
      ];
      expect(done.map(({ output_index }) => output_index)).toEqual([0, 1]);
      expect(told(done.map(({ item }) => item))).toEqual(expected);
      expect(told(all.at(-1)?.response.output)).toEqual(expected);
    },
  },
  {
    names: streamed('MixedMessageAndToolUseDistinctOutputIndexes'),
    run() {
      const all = events([chunk({ content: 'hi' }), begins(0, 'ls', 'a'), ...end]);
      const added = all.filter(({ type }) => type === 'response.output_item.added');
      expect(added.map(({ output_index, item }) => [output_index, item.type])).toEqual([
        [0, 'message'],
        [1, 'function_call'],
      ]);
      expect(all.at(-1)?.response.output.map(({ type }: Wire) => type)).toEqual(['message', 'function_call']);
    },
  },
  {
    names: streamed('MultiChoiceToolCallsUseDistinctOutputIndexes'),
    note: 'The Responses API has one answer: of several choices the first is kept, and a whole answer says so.',
    run() {
      const choice = (index: number, delta: Wire, finish: string | null = null): Wire => ({
        id: 'c1',
        choices: [{ index, delta, finish_reason: finish }],
      });
      const ls = { tool_calls: [{ index: 0, ...toolCall('ls') }] };
      const cat = { tool_calls: [{ index: 0, ...toolCall('cat', 'b') }] };
      const all = events([choice(0, ls), choice(1, cat), choice(0, {}, 'stop'), choice(1, {}, 'stop'), '[DONE]']);
      expect(all.at(-1)?.response.output).toMatchObject([functionItem({ name: 'ls' })]);
      const choices = [
        { index: 0, message: { role: 'assistant', content: 'one' }, finish_reason: 'stop' },
        { index: 1, message: { role: 'assistant', content: 'two' }, finish_reason: 'stop' },
      ];
      const { warnings } = answer('openai-responses', 'openai-chat', chatAnswer({}, 'stop', { choices }));
      expect(warnings.map(({ path }) => path)).toEqual(['candidates']);
    },
  },
];

const truncated = expect.objectContaining({ code: 'upstream_stream_truncated' });
const incomplete = (reason: string): Wire => ({ status: 'incomplete', incomplete_details: { reason } });

const endings: readonly Entry[] = [
  {
    names: streamed('ResponseCompletedWaitsForDone'),
    run() {
      const all = events([chunk({ content: 'hi' }), chunk({}, 'stop'), usageChunk, '[DONE]']);
      expect(all.filter(({ type }) => type === 'response.completed')).toHaveLength(1);
      expect(all.at(-1)).toMatchObject({
        type: 'response.completed',
        response: { usage: { input_tokens: 10, input_tokens_details: { cached_tokens: 4 }, output_tokens: 5 } },
      });
    },
  },
  {
    names: streamed('FinalizesOpenMessageAtStreamEnd'),
    run() {
      for (const chunks of [
        [chunk({ content: 'hi' }), '[DONE]'],
        [chunk({ content: 'hi' }), chunk({}, 'stop')],
      ]) {
        expect(events(chunks).map(({ type }) => type)).toEqual([
          'response.created',
          'response.in_progress',
          'response.output_item.added',
          'response.content_part.added',
          'response.output_text.delta',
          'response.output_text.done',
          'response.content_part.done',
          'response.output_item.done',
          'response.completed',
        ]);
      }
    },
  },
  {
    names: streamed('DoesNotCompleteReasoningOnlyStream', 'IncompleteToolStreamDoesNotFinalizeAsCompleted'),
    note: 'A stream that broke off is an error event, also where the server writes [DONE] behind it.',
    run() {
      for (const last of [[], ['[DONE]']]) {
        expect(() => events([chunk({ reasoning_content: 'hm' }), ...last])).toThrow(truncated);
        expect(() => events([begins(0, 'ls', 'a', '{"x":'), ...last])).toThrow(truncated);
      }
    },
  },
  {
    names: [...streamed('FinishReasonLengthEmitsIncomplete'), ...whole('FinishReasonLength')],
    run() {
      const all = events([chunk({ content: 'hi' }), chunk({}, 'length'), '[DONE]']);
      expect(all.at(-1)).toMatchObject({ type: 'response.incomplete', response: incomplete('max_output_tokens') });
      expect(answered(chatAnswer({ content: 'hi' }, 'length'))).toMatchObject(incomplete('max_output_tokens'));
    },
  },
  {
    names: [...streamed('FinishReasonContentFilterEmitsIncomplete'), ...whole('FinishReasonContentFilter')],
    run() {
      const all = events([chunk({ content: 'hi' }), chunk({}, 'content_filter'), '[DONE]']);
      expect(all.at(-1)).toMatchObject({ type: 'response.incomplete', response: incomplete('content_filter') });
      expect(answered(chatAnswer({ content: 'hi' }, 'content_filter'))).toMatchObject(incomplete('content_filter'));
    },
  },
  {
    names: [
      ...streamed('CompletedOmitsTopLevelOutputText', 'ToolCallCompletedOmitsTopLevelOutputText'),
      ...whole('OmitsTopLevelOutputText'),
    ],
    run() {
      const responses = [
        finished([chunk({ content: 'hi' }), chunk({}, 'stop'), '[DONE]']),
        finished([begins(0, 'ls', 'a'), ...end]),
        answered(chatAnswer({ content: 'hi' })),
      ];
      for (const response of responses) {
        expect(response.output).toHaveLength(1);
        expect(response).not.toHaveProperty('output_text');
      }
    },
  },
  {
    names: whole('ReasoningFallback'),
    run() {
      for (const field of ['reasoning_content', 'reasoning']) {
        expect(answered(chatAnswer({ content: 'so', [field]: 'why' })).output).toMatchObject([
          { type: 'reasoning', summary: [{ type: 'summary_text', text: 'why' }] },
          { type: 'message', content: [{ type: 'output_text', text: 'so' }] },
        ]);
      }
    },
  },
];

export const chatToResponses: readonly Entry[] = [...namespaces, ...calls, ...endings];
