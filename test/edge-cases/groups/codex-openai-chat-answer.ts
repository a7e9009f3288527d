/** A Chat client of a Responses upstream: what comes back. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry } from '../ledger.ts';
import {
  added,
  argsDelta,
  argsDone,
  call,
  chatCalls,
  chatOf,
  completed,
  created,
  done,
  message,
  textEvents,
} from '../responses-events.ts';
import { answer } from '../through.ts';

const user = { role: 'user', content: 'hi' };
const withCustom = { messages: [user], tools: [{ type: 'custom', custom: { name: 'p' } }] };
const withUsage = { messages: [user], stream_options: { include_usage: true } };
const whole = (response: Wire, asked?: Wire): Wire =>
  answer('openai-chat', 'openai-responses', completed(response).response, asked).body;

const custom = (input = '', call_id = 'c1'): Wire => ({
  type: 'custom_tool_call',
  id: 'ctc_1',
  call_id,
  name: 'p',
  input,
});
const inputDelta = (delta: string): Wire => ({
  type: 'response.custom_tool_call_input.delta',
  item_id: 'ctc_1',
  output_index: 0,
  delta,
});
const inputDone = (input: string): Wire => ({ ...inputDelta(''), type: 'response.custom_tool_call_input.done', input });
const customCall = (input: string): Wire => ({ index: 0, id: 'c1', type: 'custom', custom: { name: 'p', input } });
const functionCall = (index: number, n: number, args: string, name = `tool_${n}`): Wire => ({
  index,
  id: `call_${n}`,
  type: 'function',
  function: { name, arguments: args },
});

/** The calls that a Chat client has after those events and the end. */
const callsOf = (events: readonly Wire[], asked?: Wire): Wire[] =>
  chatCalls(chatOf([created, ...events, completed()], asked).deltas);

const image = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'AAAA', output_format: 'webp' };
const picture = { type: 'image_url', image_url: { url: 'data:image/webp;base64,AAAA' }, index: 0 };

const usage = (details: Wire): Wire => ({ input_tokens: 20, input_tokens_details: details, output_tokens: 7 });
const promptDetails = (details: Wire): readonly Wire[] => [
  chatOf([created, completed({ usage: usage(details) })], withUsage).usage.prompt_tokens_details,
  whole({ usage: usage(details) }).usage.prompt_tokens_details,
];

export const answers: readonly Entry[] = [
  {
    names: ['ConvertCodexResponseToOpenAI_IncompleteTerminal'],
    note: 'Half a call is never announced as one to be run.',
    run() {
      const end = (reason: string): Wire => ({ status: 'incomplete', incomplete_details: { reason } });
      for (const [reason, finish] of [
        ['max_output_tokens', 'length'],
        ['max_tokens', 'length'],
        ['content_filter', 'content_filter'],
        ['something new', 'stop'],
      ] as const) {
        expect(chatOf([created, ...textEvents(0, 'half'), completed(end(reason))]).finish).toBe(finish);
        expect(whole({ ...end(reason), output: [message('half')] }).choices[0].finish_reason).toBe(finish);
      }
      expect(chatOf([created, added(0, call(1)), completed(end('max_output_tokens'))]).finish).toBe('length');
    },
  },
  {
    names: [
      'ConvertCodexResponseToOpenAI_StreamSetsModelFromResponseCreated',
      'ConvertCodexResponseToOpenAI_FirstChunkUsesRequestModelName',
    ],
    note: 'Every chunk has the model’s name as the client asked for it.',
    run() {
      const { chunks } = chatOf([created, ...textEvents(0, 'hi'), completed()], { messages: [user], model: 'asked' });
      expect(new Set(chunks.map((chunk: Wire) => chunk.model))).toEqual(new Set(['asked']));
    },
  },
  {
    names: [
      'ConvertCodexResponseToOpenAI_ToolCallChunkOmitsNullContentFields',
      'ConvertCodexResponseToOpenAI_ToolCallArgumentsDeltaOmitsNullContentFields',
    ],
    run() {
      const { deltas } = chatOf([
        created,
        added(0, call(1)),
        argsDelta(1, 0, '{}'),
        done(0, call(1, 'tool_1', '{}')),
        completed(),
      ]);
      expect(deltas).toEqual([
        { tool_calls: [functionCall(0, 1, '')] },
        { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
      ]);
    },
  },
  {
    names: ['ConvertCodexResponseToOpenAI_CustomToolCallStreamDeltas'],
    run() {
      const { deltas, finish } = chatOf(
        [
          created,
          added(0, custom()),
          inputDelta('ab'),
          inputDelta('c'),
          inputDone('abc'),
          done(0, custom('abc')),
          completed(),
        ],
        withCustom,
      );
      expect(deltas.slice(1).map((delta: Wire) => delta.tool_calls[0].custom.input)).toEqual(['ab', 'c']);
      expect(chatCalls(deltas)).toEqual([customCall('abc')]);
      expect(finish).toBe('tool_calls');
    },
  },
  {
    names: [
      'ConvertCodexResponseToOpenAI_EmptyCustomToolDeltaUsesDoneFallback',
      'ConvertCodexResponseToOpenAI_CustomToolCallInputDoneFallback',
    ],
    run() {
      const expected = [customCall('abc')];
      expect(
        callsOf([added(0, custom()), inputDelta(''), inputDone('abc'), done(0, custom('abc'))], withCustom),
      ).toEqual(expected);
      expect(callsOf([added(0, custom()), inputDone('abc')], withCustom)).toEqual(expected);
      expect(callsOf([added(0, custom()), done(0, custom('abc'))], withCustom)).toEqual(expected);
    },
  },
  {
    names: ['ConvertCodexResponseToOpenAI_InterleavedToolCallsKeepStateByItem'],
    run() {
      const events = [added(0, call(1)), added(1, call(2)), argsDelta(2, 1, '{"b"'), argsDelta(1, 0, '{"a"')];
      expect(callsOf([...events, argsDelta(2, 1, ':2}'), argsDelta(1, 0, ':1}')])).toEqual([
        functionCall(0, 1, '{"a":1}'),
        functionCall(1, 2, '{"b":2}'),
      ]);
    },
  },
  {
    names: ['ConvertCodexResponseToOpenAI_ToolCallOutputItemDoneFallbacks'],
    run() {
      const expected = [functionCall(0, 1, '{"a":1}')];
      expect(callsOf([done(0, call(1, 'tool_1', '{"a":1}'))])).toEqual(expected);
      expect(callsOf([added(0, call(1)), done(0, call(1, 'tool_1', '{"a":1}'))])).toEqual(expected);
      expect(callsOf([added(0, call(1)), argsDone(1, 0, '{"a":1}'), done(0, call(1, 'tool_1', '{"a":1}'))])).toEqual(
        expected,
      );
      const hydrated = chatOf([created, completed({ output: [call(1, 'tool_1', '{"a":1}')] })]);
      expect([chatCalls(hydrated.deltas), hydrated.finish]).toEqual([expected, 'tool_calls']);
    },
  },
  {
    names: ['ConvertCodexResponseToOpenAI_ToolCallStateFallsBackFromUnknownItemID'],
    run() {
      const unknown = { ...argsDelta(1, 0, '{"a":1}'), item_id: 'fc_unknown' };
      expect(callsOf([added(0, call(1)), unknown])).toEqual([functionCall(0, 1, '{"a":1}')]);
    },
  },
  {
    names: ['ConvertCodexResponseToOpenAINonStream_CustomToolCall'],
    run() {
      const { choices } = whole({ output: [custom('abc')] }, withCustom);
      expect(choices[0].message.tool_calls).toEqual([
        { id: 'c1', type: 'custom', custom: { name: 'p', input: 'abc' } },
      ]);
      expect(choices[0].finish_reason).toBe('tool_calls');
    },
  },
  {
    names: [
      'ConvertCodexResponseToOpenAI_StreamPartialImageEmitsDeltaImages',
      'ConvertCodexResponseToOpenAI_StreamImageGenerationCallDoneEmitsDeltaImages',
      'ConvertCodexResponseToOpenAI_NonStreamImageGenerationCallAddsMessageImages',
    ],
    note: 'Previews are left out: a Chat client would take each for a picture of its own.',
    run() {
      const preview = {
        type: 'response.image_generation_call.partial_image',
        item_id: 'ig_1',
        output_index: 0,
        partial_image_index: 0,
        partial_image_b64: 'BBBB',
      };
      const { deltas } = chatOf([
        created,
        added(0, { ...image, result: null }),
        preview,
        done(0, image),
        completed({ output: [image] }),
      ]);
      expect(deltas).toEqual([{ images: [picture] }]);
      expect(whole({ output: [image] }).choices[0].message.images).toEqual([picture]);
    },
  },
  {
    names: [
      'ConvertCodexResponseToOpenAI_StreamForwardsCacheWriteTokens',
      'ConvertCodexResponseToOpenAI_NonStreamForwardsCacheWriteTokens',
    ],
    run() {
      for (const details of promptDetails({ cached_tokens: 5, cache_write_tokens: 3 })) {
        expect(details).toEqual({ cached_tokens: 5, cache_write_tokens: 3 });
      }
    },
  },
  {
    names: [
      'ConvertCodexResponseToOpenAI_StreamOmitsMissingCacheWriteTokens',
      'ConvertCodexResponseToOpenAI_NonStreamOmitsMissingCacheWriteTokens',
      'ConvertCodexResponseToOpenAI_StreamPreservesExplicitZeroCacheWriteTokens',
      'ConvertCodexResponseToOpenAI_NonStreamPreservesExplicitZeroCacheWriteTokens',
    ],
    note: 'None and a zero are the same count; the field, which Chat’s own API does not have, is there when it says something.',
    run() {
      for (const given of [{ cached_tokens: 5 }, { cached_tokens: 5, cache_write_tokens: 0 }]) {
        for (const details of promptDetails(given)) expect(details).toEqual({ cached_tokens: 5 });
      }
    },
  },
  {
    names: ['ConvertCodexResponseToOpenAI_NonStreamMultiMessageEmptyTrailingKeepsContent'],
    run() {
      const { choices } = whole({ output: [message('real'), message('', 'msg_2')] });
      expect(choices[0].message.content).toBe('real');
    },
  },
  {
    names: ['ConvertCodexResponseToOpenAINonStreamKeepsAssistantRole'],
    run() {
      expect(whole({ output: [] }).choices[0].message).toMatchObject({ role: 'assistant', content: '' });
      expect(whole({ output: [call(1)] }).choices[0].message.role).toBe('assistant');
    },
  },
];
