/** A Responses client's request to an upstream of Chat Completions. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry } from '../ledger.ts';
import { request } from '../through.ts';

const pair = 'ConvertOpenAIResponsesRequestToOpenAIChatCompletions_';
const named = (...names: string[]): readonly string[] => names.map((name) => pair + name);

const translate = (input: Wire, more: Wire = {}, target: Wire = {}): ReturnType<typeof request> =>
  request('openai-responses', 'openai-chat', { input, ...more }, target);

/** The messages after the first of the user. */
const messages = (...items: Wire[]): Wire => translate([says('user', 'hi'), ...items]).body.messages.slice(1);

const says = (role: string, text: string): Wire => ({ type: 'message', role, content: text });
const calls = (id: string, more: Wire = {}): Wire => ({
  type: 'function_call',
  call_id: id,
  name: 'ls',
  arguments: '{}',
  ...more,
});
const returns = (id: string, output: Wire = `${id} done`): Wire => ({
  type: 'function_call_output',
  call_id: id,
  output,
});
const thinks = (text: string): Wire => ({ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text }] });

const call = (id: string, name = 'ls'): Wire => ({ id, type: 'function', function: { name, arguments: '{}' } });
const turn = (...ids: string[]): Wire => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => call(id)),
});
const result = (id: string): Wire => ({ role: 'tool', tool_call_id: id, content: `${id} done` });
const user = (content: Wire): Wire => ({ role: 'user', content });

const turns: readonly Entry[] = [
  {
    names: named('MergeConsecutiveFunctionCalls'),
    run() {
      expect(messages(calls('a'), calls('b'), returns('a'), returns('b'))).toEqual([
        turn('a', 'b'),
        result('a'),
        result('b'),
      ]);
    },
  },
  {
    names: named('SplitFunctionCallsWhenInterrupted', 'DoesNotMergeToolCallsAcrossUserMessage'),
    run() {
      expect(messages(calls('a'), returns('a'), calls('b'), returns('b'))).toEqual([
        turn('a'),
        result('a'),
        turn('b'),
        result('b'),
      ]);
      expect(messages(calls('a'), returns('a'), says('user', 'again'), calls('b'), returns('b'))).toEqual([
        turn('a'),
        result('a'),
        user('again'),
        turn('b'),
        result('b'),
      ]);
    },
  },
  {
    names: named('DefersMessageUntilToolOutput'),
    run() {
      const items = [calls('a'), calls('b'), says('user', 'between'), returns('a'), returns('b')];
      expect(messages(...items)).toEqual([turn('a', 'b'), result('a'), result('b'), user('between')]);
    },
  },
  {
    names: named('PreservesAssistantContentWithToolCalls'),
    run() {
      expect(messages(says('assistant', 'Let me look.'), calls('a'), returns('a'))).toEqual([
        { ...turn('a'), content: 'Let me look.' },
        result('a'),
      ]);
    },
  },
];

const reasoning: readonly Entry[] = [
  {
    names: named('AttachesReasoningToAssistantMessage'),
    run() {
      expect(messages(thinks('why'), says('assistant', 'so'))).toEqual([
        { role: 'assistant', content: 'so', reasoning_content: 'why' },
      ]);
    },
  },
  {
    names: named('AttachesReasoningToToolCallMessage'),
    run() {
      expect(messages(thinks('why'), calls('a'), returns('a'))).toEqual([
        { ...turn('a'), reasoning_content: 'why' },
        result('a'),
      ]);
    },
  },
  {
    names: named('MergesDistinctReasoningWithinAssistantTurn'),
    run() {
      expect(messages(thinks('one'), thinks('two'), calls('a'), returns('a'))[0]).toEqual({
        ...turn('a'),
        reasoning_content: 'one\n\ntwo',
      });
    },
  },
  {
    names: named('ReplacesUnavailableReasoningWithinAssistantTurn'),
    note: 'No text is made up for reasoning that only its maker can read: it is left out with a warning.',
    run() {
      const hidden = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAAB-not-real' };
      const items = [says('user', 'hi'), hidden, thinks('why'), calls('a'), returns('a')];
      const { body, warnings } = translate(items);
      expect(body.messages[1]).toEqual({ ...turn('a'), reasoning_content: 'why' });
      expect(warnings.map(({ path }) => path)).toEqual(['input[1]']);
      expect(messages(hidden, calls('a'), returns('a'))[0]).toEqual(turn('a'));
    },
  },
  {
    names: named('KeepsReasoningBeforeUserMessage'),
    run() {
      expect(messages(thinks('why'), says('user', 'go on'))).toEqual([
        { role: 'assistant', content: '', reasoning_content: 'why' },
        user('go on'),
      ]);
    },
  },
];

const picture = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };
const seen = { type: 'input_text', text: 'seen' };
const pointer = '[The media of this result follows in the next user message.]';
const shown = user([
  { type: 'text', text: '[Media from the result of tool call a:]' },
  { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
]);
const imageNote = 'A tool message of Chat Completions holds text only: the image follows in a user message.';
const customCall = { type: 'custom_tool_call', call_id: 'a', name: 'patch', input: '*** Begin' };
const customResult = (output: Wire): Wire => ({ type: 'custom_tool_call_output', call_id: 'a', output });

const results: readonly Entry[] = [
  {
    names: named(
      'UnwrapsStringifiedToolOutputImages',
      'UnwrapsStringifiedCustomToolOutputImages',
      'ConvertsStructuredToolOutputImages',
    ),
    note: imageNote,
    run() {
      const told = [
        { type: 'text', text: 'seen' },
        { type: 'text', text: pointer },
      ];
      const expected = [{ role: 'tool', tool_call_id: 'a', content: told }, shown];
      for (const output of [[seen, picture], JSON.stringify([seen, picture])]) {
        expect(messages(calls('a'), returns('a', output)).slice(1)).toEqual(expected);
        expect(messages(customCall, customResult(output)).slice(1)).toEqual(expected);
      }
    },
  },
  {
    names: named('KeepsNonImageToolOutputStrings'),
    run() {
      for (const output of ['[1,2]', '{"a":1}', JSON.stringify([seen]), '[not json "input_image"']) {
        expect(messages(calls('a'), returns('a', output))[1]).toEqual({
          role: 'tool',
          tool_call_id: 'a',
          content: output,
        });
      }
    },
  },
  {
    names: named('PreservesCustomToolOutputFallbacks'),
    run() {
      const told = (output: Wire): Wire => messages(customCall, customResult(output))[1].content;
      expect(told('done')).toBe('done');
      expect(told({ exit_code: 0 })).toBe('{"exit_code":0}');
      expect(told(null)).toBe('');
      expect(told([seen])).toBe('seen');
    },
  },
];

const look = (name: string, more: Wire = {}): Wire => ({
  type: 'function',
  name,
  parameters: { type: 'object', properties: {} },
  ...more,
});
const offered = (name: string, more: Wire = {}): Wire => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: {} }, ...more },
});
const space = (...tools: Wire[]): Wire => ({ type: 'namespace', name: 'mcp', tools });
const adds = (...tools: Wire[]): Wire => ({ type: 'additional_tools', tools });
const hi = says('user', 'hi');

const tools: readonly Entry[] = [
  {
    names: named('FlattensNamespaceTools'),
    run() {
      expect(translate('hi', { tools: [space(look('ls'), look('cat')), look('top')] }).body.tools).toEqual([
        offered('mcp__ls'),
        offered('mcp__cat'),
        offered('top'),
      ]);
    },
  },
  {
    names: named('QualifiesNamespaceFunctionCallHistory'),
    run() {
      const items = [hi, calls('a', { namespace: 'mcp' }), returns('a')];
      const { body } = translate(items, { tools: [space(look('ls'))] });
      expect(body.messages[1].tool_calls).toEqual([call('a', 'mcp__ls')]);
    },
  },
  {
    names: named('FlattensNamespaceCustomTools'),
    run() {
      const more = { tools: [space({ type: 'custom', name: 'patch', description: 'd' })] };
      expect(translate('hi', more).body.tools).toEqual([
        { type: 'custom', custom: { name: 'mcp__patch', description: 'd' } },
      ]);
      const parameters = {
        type: 'object',
        properties: { input: { type: 'string' } },
        required: ['input'],
        additionalProperties: false,
      };
      expect(translate('hi', more, { quirks: { noCustomTools: true } }).body.tools).toEqual([
        { type: 'function', function: { name: 'mcp__patch', description: 'd', parameters } },
      ]);
    },
  },
  {
    names: named('PreservesStructuredToolChoice'),
    run() {
      const choice = (tool_choice: Wire): Wire =>
        translate('hi', { tools: [look('ls'), look('cat'), { type: 'custom', name: 'patch' }], tool_choice }).body
          .tool_choice;
      const ls = { type: 'function', function: { name: 'ls' } };
      expect(choice({ type: 'function', name: 'ls' })).toEqual(ls);
      expect(choice({ type: 'custom', name: 'patch' })).toEqual({ type: 'custom', custom: { name: 'patch' } });
      const both = [look('ls'), look('cat')];
      expect(choice({ type: 'allowed_tools', mode: 'auto', tools: both })).toEqual({
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [ls, { type: 'function', function: { name: 'cat' } }] },
      });
    },
  },
  {
    names: named('OmitsToolSettingsWithoutTools', 'PreservesParallelToolCallsWithTools'),
    run() {
      const settings = { tool_choice: 'auto', parallel_tool_calls: false };
      for (const more of [settings, { ...settings, tools: [] }]) {
        const { body } = translate('hi', more);
        expect([body.tools, body.tool_choice, body.parallel_tool_calls]).toEqual([undefined, undefined, undefined]);
      }
      expect(translate('hi', { ...settings, tools: [look('ls')] }).body).toMatchObject(settings);
      expect(translate('hi', { parallel_tool_calls: true, tools: [look('ls')] }).body.parallel_tool_calls).toBe(true);
    },
  },
  {
    names: named('DeduplicatesToolsAcrossAdditionalTools', 'KeepsDistinctToolsFromBothSources'),
    run() {
      const { body, warnings } = translate([hi, adds(look('ls', { description: 'second' }), look('cat'))], {
        tools: [look('ls', { description: 'first' })],
      });
      expect(body.tools).toEqual([offered('ls', { description: 'first' }), offered('cat')]);
      expect(warnings.map(({ path }) => path)).toEqual(['input[1].tools[0]']);
    },
  },
  {
    names: named('DeduplicatesNamespaceQualifiedCollision'),
    run() {
      const more = { tools: [look('mcp__ls', { description: 'first' })] };
      const { body } = translate([hi, adds(space(look('ls', { description: 'second' })))], more);
      expect(body.tools).toEqual([offered('mcp__ls', { description: 'first' })]);
    },
  },
];

const settings: readonly Entry[] = [
  {
    names: named(
      'PreservesJSONSchemaTextFormat',
      'PreservesJSONObjectTextFormat',
      'OmitsResponseFormatWithoutTextFormat',
    ),
    run() {
      const format = (text: Wire): Wire => translate('hi', { text }).body.response_format;
      const schema = { type: 'object', properties: { a: { type: 'string' } } };
      expect(format({ format: { type: 'json_schema', name: 'answer', description: 'd', schema } })).toEqual({
        type: 'json_schema',
        json_schema: { name: 'answer', description: 'd', schema },
      });
      expect(format({ format: { type: 'json_object' } })).toEqual({ type: 'json_object' });
      expect(format({ verbosity: 'low' })).toBeUndefined();
      expect(format({ format: { type: 'text' } })).toBeUndefined();
    },
  },
  {
    names: named('NormalizesInputImageDetail'),
    run() {
      const details = ['original', 'high', 'low', 'auto', null];
      const content = details.map((detail) => ({
        type: 'input_image',
        image_url: 'https://example.com/i.png',
        detail,
      }));
      const sent: Wire[] = translate([{ role: 'user', content }]).body.messages[0].content;
      expect(sent.map(({ image_url }) => image_url.detail)).toEqual(['high', 'high', 'low', 'auto', undefined]);
    },
  },
];

export const responsesToChat: readonly Entry[] = [...turns, ...reasoning, ...results, ...tools, ...settings];
