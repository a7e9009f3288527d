/** What Responses clients are answered by Claude models. */
import { expect } from 'vitest';
import { events, message, redacted, text, thinking, toolUse } from '../claude-wire.ts';
import type { Entry } from '../ledger.ts';
import { answer, stream } from '../through.ts';

type Wire = Parameters<typeof message>[1];

const whole = (content: readonly Wire[], more: Wire = {}) =>
  answer('openai-responses', 'anthropic-messages', message(content, more)).body;
const streamed = (content: readonly Wire[], asked?: Wire) =>
  stream('openai-responses', 'anthropic-messages', events(content), asked);
const dataOf = (content: readonly Wire[], event: string) =>
  streamed(content)
    .filter((given) => given.event === event)
    .map(({ data }) => data);

const said = (...texts: string[]) => ({
  type: 'message',
  content: texts.map((value) => ({ type: 'output_text', text: value })),
});
const reasoned = (value: string, signature = 'EqSig') => ({
  type: 'reasoning',
  summary: value === '' ? [] : [{ type: 'summary_text', text: value }],
  encrypted_content: `llmproxy.anthropic-messages.${signature}`,
});
const called = { type: 'function_call', call_id: 't1', name: 'f', arguments: '{}' };

/** The items of a whole answer, of a stream's end and of its item events are the same, one after the other. */
function expectItems(content: readonly Wire[], items: readonly Wire[]): void {
  const { output } = whole(content);
  expect(output).toMatchObject(items);
  expect(output).toHaveLength(items.length);
  expect(streamed(content).at(-1)?.data.response.output).toEqual(output);
  const done = dataOf(content, 'response.output_item.done');
  expect(done.map(({ item }) => item)).toEqual(output);
  expect(done.map(({ output_index }) => output_index)).toEqual(output.map((_: Wire, index: number) => index));
  expect(dataOf(content, 'response.output_item.added').map(({ output_index }) => output_index)).toEqual(
    done.map(({ output_index }) => output_index),
  );
}

/** The events between the first two and the last, without the deltas' and parts' own. */
const itemEvents = (content: readonly Wire[]) =>
  streamed(content)
    .filter(({ event }) => event?.startsWith('response.output_item.'))
    .map(({ event, data }) => `${event?.slice('response.output_item.'.length)} ${data.item.type}`);

const usage = {
  input_tokens: 123,
  input_tokens_details: { cached_tokens: 20, cache_write_tokens: 100 },
  output_tokens: 4,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 127,
};

export const claudeToResponses: readonly Entry[] = [
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_CreatedIncludesOriginalRequestModel'],
    run() {
      const [created] = streamed([text('x')], { model: 'name-of-the-client', input: 'a' });
      expect(created?.event).toBe('response.created');
      expect(created?.data.response.model).toBe('name-of-the-client');
    },
  },
  {
    names: [
      'ConvertClaudeResponseToOpenAIResponses_ThinkingIncludesSignature',
      'ConvertClaudeResponseToOpenAIResponsesNonStream_ThinkingIncludesSignature',
    ],
    run() {
      expectItems([thinking('T'), text('x')], [reasoned('T'), said('x')]);
    },
  },
  {
    names: [
      'ConvertClaudeResponseToOpenAIResponses_RedactedThinkingBecomesMarkedReasoningItem',
      'ConvertClaudeResponseToOpenAIResponsesNonStream_RedactedThinkingBecomesMarkedReasoningItem',
    ],
    run() {
      expectItems([redacted('DATA'), text('x')], [reasoned('', 'redacted:DATA'), said('x')]);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_SuppressesSignatureDeltaPassthrough'],
    run() {
      const before = streamed([thinking('T', 'SECRET-SIGNATURE'), text('x')]).filter(
        ({ event }) => event !== 'response.output_item.done' && event !== 'response.completed',
      );
      expect(JSON.stringify(before)).not.toContain('SECRET-SIGNATURE');
      expect(before.map(({ event }) => event)).not.toContain('signature_delta');
      expectItems([thinking('T', 'SECRET-SIGNATURE')], [reasoned('T', 'SECRET-SIGNATURE')]);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_AggregatesTextBlocksUntilMessageStop'],
    run() {
      expectItems([text('a'), text('b')], [said('a', 'b')]);
      expect(itemEvents([text('a'), text('b')])).toEqual(['added message', 'done message']);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_FinalizesMessageBeforeFunctionCall'],
    run() {
      const content = [text('a'), toolUse('t1')];
      expect(itemEvents(content)).toEqual([
        'added message',
        'done message',
        'added function_call',
        'done function_call',
      ]);
      expectItems(content, [said('a'), called]);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_UsesContiguousIndicesForReasoningTextAndTool'],
    run() {
      expectItems([thinking('T'), text('x'), toolUse('t1')], [reasoned('T'), said('x'), called]);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_HiddenServerToolsDoNotCreateOutputIndexGaps'],
    note: 'searches are shown as items of their own, and what has no form here leaves no gap',
    run() {
      const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } };
      const found = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] };
      const unknown = { type: 'container_upload', file_id: 'file_1' };
      expectItems(
        [text('a'), search, found, unknown, text('b'), toolUse('t1')],
        [said('a'), { type: 'web_search_call', action: { type: 'search', query: 'q' } }, said('b'), called],
      );
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_StartsNewMessageAfterFunctionCall'],
    run() {
      expectItems([text('a'), toolUse('t1'), text('b')], [said('a'), called, said('b')]);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_FinalizesMessageBeforeReasoning'],
    run() {
      const content = [text('a'), thinking('B'), text('c')];
      expectItems(content, [said('a'), reasoned('B'), said('c')]);
      expect(itemEvents(content).slice(0, 3)).toEqual(['added message', 'done message', 'added reasoning']);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_PreservesMultipleReasoningItems'],
    run() {
      expectItems(
        [thinking('A', 'S1'), thinking('B', 'S2'), text('x')],
        [reasoned('A', 'S1'), reasoned('B', 'S2'), said('x')],
      );
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_NormalizesEmptyFunctionArguments'],
    run() {
      const silent = events([toolUse('t1')]).filter(({ type }) => type !== 'content_block_delta');
      const given = stream('openai-responses', 'anthropic-messages', silent);
      const done = given.find(({ event }) => event === 'response.function_call_arguments.done');
      expect(done?.data.arguments).toBe('{}');
      expect(given.at(-1)?.data.response.output).toMatchObject([called]);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponses_IncludesEmptyReasoningInCompletedOutput'],
    run() {
      expectItems([thinking(''), text('x')], [reasoned(''), said('x')]);
      expectItems([thinking('', ''), text('x')], [{ type: 'reasoning', summary: [] }, said('x')]);
    },
  },
  {
    names: [
      'ConvertClaudeResponseToOpenAIResponses_ReportsCacheTokens',
      'ConvertClaudeResponseToOpenAIResponsesNonStream_ReportsCacheTokens',
    ],
    run() {
      expect(whole([text('x')]).usage).toEqual(usage);
      expect(streamed([text('x')]).at(-1)?.data.response.usage).toEqual(usage);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponsesNonStream_PreservesContentBlockOrder'],
    run() {
      const { output } = whole([toolUse('t1'), text('a'), thinking('B'), text('c')]);
      expect(output).toMatchObject([called, said('a'), reasoned('B'), said('c')]);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAIResponsesNonStreamKeepsZeroUsageDefaults'],
    note: 'Usage that nobody told is estimated, as zeros would be taken for what the answer cost.',
    run() {
      expect(whole([text('x')], { usage: undefined }).usage).toEqual({
        input_tokens: 1,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        output_tokens: 1,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 2,
      });
    },
  },
];
