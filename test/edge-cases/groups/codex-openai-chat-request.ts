/** A Chat client of a Responses upstream: what is sent. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry } from '../ledger.ts';
import { completed } from '../responses-events.ts';
import { answer, request } from '../through.ts';

const user = { role: 'user', content: 'hi' };
const userItem = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] };
const functionTool = (name: string): Wire => ({ type: 'function', function: { name, parameters: { type: 'object' } } });
const customTool = (name: string): Wire => ({ type: 'custom', custom: { name } });
const call = (id: string | undefined, name = 't', args = '{}'): Wire => ({
  ...(id !== undefined && { id }),
  type: 'function',
  function: { name, arguments: args },
});
const customCall = (id: string | undefined, name: string, input: string): Wire => ({
  ...(id !== undefined && { id }),
  type: 'custom',
  custom: { name, input },
});
const turn = (calls: readonly Wire[], content: Wire = null): Wire => ({
  role: 'assistant',
  content,
  tool_calls: calls,
});
const result = (content: Wire, tool_call_id?: string): Wire => ({
  role: 'tool',
  ...(tool_call_id !== undefined && { tool_call_id }),
  content,
});
const callItem = (call_id: string, name = 't', args = '{}'): Wire => ({
  type: 'function_call',
  call_id,
  name,
  arguments: args,
});
const outputItem = (call_id: string, output: Wire): Wire => ({ type: 'function_call_output', call_id, output });

const send = (messages: readonly Wire[], more: Wire = {}): ReturnType<typeof request> =>
  request('openai-chat', 'openai-responses', { messages, ...more });
const input = (messages: readonly Wire[], more?: Wire): Wire => send([user, ...messages], more).body.input.slice(1);

/** What the API gets as a tool's output for that content. */
const output = (content: Wire): Wire => input([turn([call('c1')]), result(content, 'c1')])[1].output;

export const calls: readonly Entry[] = [
  {
    names: ['ToolCallSimple', 'ToolsDefinitionTranslated', 'NoSpuriousEmptyAssistantMessage'],
    run() {
      const parameters = { type: 'object', properties: { a: { type: 'string' } } };
      const tools = [{ type: 'function', function: { name: 't', description: 'd', parameters, strict: false } }];
      const { body } = send([user, turn([call('c1', 't', '{"a":"x"}')]), result('r', 'c1')], { tools });
      expect(body.input).toEqual([userItem, callItem('c1', 't', '{"a":"x"}'), outputItem('c1', 'r')]);
      expect(body.tools).toEqual([{ type: 'function', name: 't', description: 'd', parameters, strict: false }]);
    },
  },
  {
    names: ['ToolCallWithContent'],
    run() {
      const said = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'look' }] };
      expect(input([turn([call('c1')], 'look'), result('r', 'c1')])).toEqual([
        said,
        callItem('c1'),
        outputItem('c1', 'r'),
      ]);
    },
  },
  {
    names: ['EmptyStringContent'],
    run() {
      expect(input([turn([call('c1')], ''), result('', 'c1')])).toEqual([callItem('c1'), outputItem('c1', '')]);
    },
  },
  {
    names: ['MultipleToolCalls', 'CallIDsMatchBetweenCallAndOutput'],
    run() {
      const items = input([turn([call('c1'), call('c2', 'u')]), result('two', 'c2'), result('one', 'c1')]);
      expect(items.slice(0, 2)).toEqual([callItem('c1'), callItem('c2', 'u')]);
      expect(items.slice(2)).toEqual([outputItem('c2', 'two'), outputItem('c1', 'one')]);
      const long = 'c'.repeat(80);
      const [first, second] = input([turn([call(long)]), result('r', long)]);
      expect(first.call_id).toHaveLength(64);
      expect(second.call_id).toBe(first.call_id);
    },
  },
  {
    names: ['MultiTurnToolCalling', 'ToolCallHistoryAllowsReusedCallIDAcrossRounds'],
    run() {
      const round = [turn([call('c1')]), result('one', 'c1')];
      const items = [callItem('c1'), outputItem('c1', 'one')];
      expect(input([...round, user, ...round])).toEqual([...items, userItem, ...items]);
    },
  },
  {
    names: ['ToolCallOutputWithMultimodalContent'],
    run() {
      const url = 'data:image/png;base64,AAAA';
      const content = [
        { type: 'text', text: 'seen' },
        { type: 'image_url', image_url: { url } },
      ];
      expect(output(content)).toEqual([
        { type: 'input_text', text: 'seen' },
        { type: 'input_image', image_url: url },
      ]);
    },
  },
  {
    names: ['ToolCallOutputKeepsNonImageStrings', 'ToolCallOutputWithStringifiedImageContent'],
    note: 'A text stays the text that it is, whatever stands in it.',
    run() {
      const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
      for (const text of ['plain', '{"a":1}', '[]', JSON.stringify([image])]) expect(output(text)).toBe(text);
    },
  },
  {
    names: ['ToolCallOutputFallsBackForInvalidStructuredParts', 'ToolCallOutputWithNonStringJSONContent'],
    run() {
      for (const data of [{ a: 1 }, 5, true, [{ a: 1 }], [[1]]]) expect(output(data)).toBe(JSON.stringify(data));
      expect(output(null)).toBe('');
    },
  },
  {
    names: ['ConvertOpenAIRequestToCodexPreservesInputAudio'],
    run() {
      const audio = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } };
      expect(send([{ role: 'user', content: [audio] }]).body.input[0].content).toEqual([audio]);
    },
  },
  {
    names: ['ToolNameShortening', 'CustomToolNameShortening', 'CustomToolShortNameCollisionPreservesFunctionFamily'],
    run() {
      const names = ['1', '2'].map((end) => `mcp__server__${'n'.repeat(70)}${end}`);
      const tools = [functionTool(names[0] ?? ''), customTool(names[1] ?? '')];
      const tool_choice = { type: 'custom', custom: { name: names[1] } };
      const { body } = send([user, turn([call('c1', names[0]), customCall('c2', names[1] ?? '', 'x')])], {
        tools,
        tool_choice,
      });
      const [first, second] = body.tools;
      expect([first.type, first.name.length, second.type, second.name.length]).toEqual(['function', 64, 'custom', 64]);
      expect(second.name).not.toBe(first.name);
      expect(body.tool_choice).toEqual({ type: 'custom', name: second.name });
      expect(body.input.slice(1, 3).map((item: Wire) => [item.type, item.name])).toEqual([
        ['function_call', first.name],
        ['custom_tool_call', second.name],
      ]);
    },
  },
  {
    names: ['SameNameCustomAndFunctionDefaultsToFunctionFamily'],
    run() {
      const tool_choice = { type: 'function', function: { name: 'p' } };
      for (const tools of [
        [customTool('p'), functionTool('p')],
        [functionTool('p'), customTool('p')],
      ]) {
        const { body } = send([user, turn([call('c1', 'p')]), result('r', 'c1')], { tools, tool_choice });
        expect(body.tool_choice).toEqual({ type: 'function', name: 'p' });
        expect(body.input.slice(1)).toEqual([callItem('c1', 'p'), outputItem('c1', 'r')]);
      }
    },
  },
  {
    names: ['CustomToolCallHistory', 'MixedToolCallHistoryPreservesCallFamilies'],
    run() {
      const history = [turn([customCall('c1', 'p', 'text'), call('c2')]), result('one', 'c1'), result('two', 'c2')];
      expect(input(history, { tools: [customTool('p'), functionTool('t')] })).toEqual([
        { type: 'custom_tool_call', call_id: 'c1', name: 'p', input: 'text' },
        callItem('c2'),
        { type: 'custom_tool_call_output', call_id: 'c1', output: 'one' },
        outputItem('c2', 'two'),
      ]);
    },
  },
  {
    names: ['CustomToolCallResponseFollowUpRoundTrip'],
    run() {
      const item = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'c1', name: 'p', input: 'text' };
      const tools = [customTool('p')];
      const asked = { messages: [user], tools };
      const { choices } = answer('openai-chat', 'openai-responses', completed({ output: [item] }).response, asked).body;
      expect(input([choices[0].message, result('r', 'c1')], { tools })).toEqual([
        { type: 'custom_tool_call', call_id: 'c1', name: 'p', input: 'text' },
        { type: 'custom_tool_call_output', call_id: 'c1', output: 'r' },
      ]);
    },
  },
  {
    names: ['CustomToolCallHistorySynthesizesMissingCallID', 'ToolCallOutputWithoutIDUsesPendingCall'],
    run() {
      const items = input([turn([customCall(undefined, 'p', 'text'), call('')]), result('one'), result('two')]);
      const [first, second] = items.map((item: Wire) => item.call_id);
      expect(first).toMatch(/^call_/);
      expect(second).not.toBe(first);
      expect(items.slice(2)).toEqual([
        { type: 'custom_tool_call_output', call_id: first, output: 'one' },
        outputItem(second, 'two'),
      ]);
    },
  },
  {
    names: ['ToolCallHistoryClearsUnmatchedCallAtNewBatch'],
    note: 'A call that got no result keeps one that says so: the API refuses a call without.',
    run() {
      const { body, warnings } = send([user, turn([call('c1')]), user, turn([call('c2')]), result('late')]);
      expect(body.input).toEqual([
        userItem,
        callItem('c1'),
        outputItem('c1', 'no result was given'),
        userItem,
        callItem('c2'),
        outputItem('c2', 'late'),
      ]);
      expect(warnings.map(({ path }) => path)).toContain('messages[1].content[0]');
    },
  },
  {
    names: ['AmbiguousDuplicateToolCallIDsAreDropped'],
    note: 'Two calls with one id are told apart, and the results answer them in order: nothing is lost.',
    run() {
      const { body, warnings } = send([
        user,
        turn([call('c1', 't', '{"a":1}'), call('c1', 't', '{"a":2}')]),
        result('one', 'c1'),
        result('two', 'c1'),
      ]);
      expect(body.input.slice(1)).toEqual([
        callItem('c1', 't', '{"a":1}'),
        callItem('c1_2', 't', '{"a":2}'),
        outputItem('c1', 'one'),
        outputItem('c1_2', 'two'),
      ]);
      expect(warnings.map(({ path }) => path)).toEqual(['messages[1].content[1]']);
    },
  },
  {
    names: ['OrphanAndDuplicateToolCallOutputsAreDropped'],
    note: 'A result that answers no call is kept as a text of the user; of two results of one call the last counts.',
    run() {
      const history = [result('lost', 'c9'), turn([call('c1')]), result('one', 'c1'), result('two', 'c1')];
      const { body, warnings } = send([user, ...history]);
      expect(body.input.slice(1)).toEqual([
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Tool result: lost' }] },
        callItem('c1'),
        outputItem('c1', 'two'),
      ]);
      expect(warnings).toHaveLength(2);
    },
  },
];
