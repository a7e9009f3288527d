/** What Chat clients are answered by Claude models. */
import { expect } from 'vitest';
import { events, message, redacted, text, thinking, toolUse } from '../claude-wire.ts';
import type { Entry } from '../ledger.ts';
import { answer, stream } from '../through.ts';

type Wire = Parameters<typeof message>[1];

const whole = (body: Wire) => answer('openai-chat', 'anthropic-messages', body).body;
const asked = { messages: [{ role: 'user', content: 'hi' }], stream_options: { include_usage: true } };
const chunks = (given: readonly Wire[]) =>
  stream('openai-chat', 'anthropic-messages', given, asked).map(({ data }) => data);
const deltas = (given: readonly Wire[]) =>
  chunks(given).flatMap((chunk) => (chunk === '[DONE]' ? [] : chunk.choices.map(({ delta }: Wire) => delta)));
const joined = (given: readonly Wire[], field: string) =>
  deltas(given)
    .map((delta) => delta[field] ?? '')
    .join('');

/** Cache reads and writes are part of the prompt. */
const usage = {
  prompt_tokens: 123,
  completion_tokens: 4,
  total_tokens: 127,
  prompt_tokens_details: { cached_tokens: 20, cache_write_tokens: 100 },
  completion_tokens_details: { reasoning_tokens: 0 },
};

const finishReasons: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  anything: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
  sensitive: 'content_filter',
};

export const claudeToChat: readonly Entry[] = [
  {
    names: [
      'ConvertClaudeResponseToOpenAI_StreamUsageIncludesCachedTokens',
      'ConvertClaudeResponseToOpenAINonStream_UsageIncludesCachedTokens',
    ],
    run() {
      expect(whole(message([text('x')])).usage).toEqual(usage);
      expect(chunks(events([text('x')])).at(-2)).toMatchObject({ choices: [], usage });
    },
  },
  {
    names: [
      'ConvertClaudeResponseToOpenAI_StreamUsageMergesMessageStartUsage',
      'ConvertClaudeResponseToOpenAINonStream_UsageMergesMessageStartUsage',
    ],
    run() {
      const given = events([text('x')]);
      const last = given.at(-2);
      expect(Object.keys(last.usage)).toEqual(['output_tokens']);
      expect(chunks(given).at(-2).usage).toEqual(usage);
      last.usage = { input_tokens: 5, output_tokens: 9, cache_read_input_tokens: null };
      expect(chunks(given).at(-2).usage).toMatchObject({ prompt_tokens: 125, completion_tokens: 9, total_tokens: 134 });
      expect(whole(message([text('x')])).usage).toEqual(usage);
    },
  },
  {
    names: [
      'ConvertClaudeResponseToOpenAI_RefusalStopReason',
      'ConvertClaudeResponseToOpenAINonStream_RefusalStopReason',
      'ConvertClaudeResponseToOpenAINonStreamFinishReasons',
    ],
    run() {
      for (const [stop_reason, finish_reason] of Object.entries(finishReasons)) {
        const content = stop_reason === 'tool_use' ? [toolUse('t1')] : [text('x')];
        expect([stop_reason, whole(message(content, { stop_reason })).choices[0].finish_reason]).toEqual([
          stop_reason,
          finish_reason,
        ]);
        const [last] = chunks(events(content, { stop_reason })).at(-3).choices;
        expect([stop_reason, last.finish_reason]).toEqual([stop_reason, finish_reason]);
      }
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAINonStream_ReasoningContent'],
    run() {
      const { message: said } = whole(message([thinking('A'), thinking('B'), text('x')])).choices[0];
      expect(said).toMatchObject({ reasoning_content: 'A\n\nB', content: 'x' });
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAINonStream_OmitsReasoningContentWhenAbsent'],
    run() {
      expect(whole(message([text('x')])).choices[0].message).toEqual({
        role: 'assistant',
        content: 'x',
        refusal: null,
      });
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAI_StreamAndNonStreamParity'],
    run() {
      const content = [thinking('R'), text('x'), toolUse('t1', 'f', { a: 1 }), toolUse('t2', 'g')];
      const { message: said, finish_reason } = whole(message(content)).choices[0];
      const given = events(content);
      expect(joined(given, 'content')).toBe(said.content);
      expect(joined(given, 'reasoning_content')).toBe(said.reasoning_content);
      const calls = deltas(given).flatMap((delta) => delta.tool_calls ?? []);
      for (const [index, call] of said.tool_calls.entries()) {
        const pieces = calls.filter((piece) => piece.index === index);
        expect(pieces[0]).toMatchObject({ id: call.id, type: 'function', function: { name: call.function.name } });
        expect(pieces.map((piece) => piece.function.arguments).join('')).toBe(call.function.arguments);
      }
      expect(calls.map(({ index }) => index)).toEqual([0, 0, 1, 1]);
      expect(chunks(given).at(-3).choices[0].finish_reason).toBe(finish_reason);
    },
  },
  {
    names: ['ConvertClaudeResponseToOpenAI_RedactedThinkingIgnored'],
    note: 'there is nothing to read in it; what the next turn needs travels in reasoning_details, which other clients ignore',
    run() {
      const content = [redacted('DATA'), text('x')];
      const details = [{ type: 'reasoning.encrypted', data: 'llmproxy.anthropic-messages.DATA', index: 0 }];
      expect(whole(message(content)).choices[0].message).toEqual({
        role: 'assistant',
        content: 'x',
        refusal: null,
        reasoning_details: details,
      });
      expect(joined(events(content), 'reasoning_content')).toBe('');
      expect(deltas(events(content)).flatMap((delta) => delta.reasoning_details ?? [])).toEqual(details);
    },
  },
];
