/** A stream of Chat Completions for a Claude client: above all the tool calls of careless servers. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { call, chunk, usageChunk } from '../chat-upstream.ts';
import type { Entry } from '../ledger.ts';
import { stream } from '../through.ts';

interface Seen {
  /** The calls as the client puts them together. */
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: string }[];
  readonly stopReason: string;
}

function events(...chunks: Wire[]): readonly Wire[] {
  return stream('anthropic-messages', 'openai-chat', chunks).map(({ data }) => data);
}

function seen(...chunks: Wire[]): Seen {
  const all = events(...chunks);
  const starts = all.filter(({ type, content_block: block }) => type === 'content_block_start' && block.name);
  return {
    calls: starts.map(({ index, content_block: { id, name } }) => ({
      id,
      name,
      input: all
        .filter((event) => event.type === 'content_block_delta' && event.index === index)
        .map(({ delta }) => delta.partial_json)
        .join(''),
    })),
    stopReason: all.find(({ type }) => type === 'message_delta').delta.stop_reason,
  };
}

const end = [chunk({}, 'tool_calls'), '[DONE]'];
const named = (name: unknown, text: string, more: Wire = { id: 'a' }): Wire =>
  call({ index: 0, ...more, function: { name, arguments: text } });
const one = { calls: [{ id: 'a', name: 'ls', input: '{"x":1}' }], stopReason: 'tool_use' };
const valid = call({ index: 1, id: 'b', function: { name: 'cat', arguments: '{}' } });
const onlyValid = { calls: [{ id: 'b', name: 'cat', input: '{}' }], stopReason: 'tool_use' };
const nameless = expect.objectContaining({ code: 'upstream_invalid_response' });

const names: readonly Entry[] = [
  {
    names: ['ConvertOpenAIResponseToClaude_StreamIgnoresNullToolNameDelta', 'StreamingTool_RepeatedName'],
    run() {
      for (const again of [null, '', 'ls', 7]) {
        expect(seen(named('ls', '{"x":'), named(again, '1}', {}), ...end)).toEqual(one);
      }
    },
  },
  {
    names: ['StreamingTool_EmptyNameThroughout', 'StreamingTool_NullName', 'StreamingTool_NonStringName'],
    note: 'A call that nobody can run, and nothing else, is an error that the client can try again, not a quiet end.',
    run() {
      for (const name of ['', null, 7]) {
        expect(() => seen(named(name, '{"x":'), named(name, '1}', {}), ...end)).toThrow(nameless);
      }
    },
  },
  {
    names: ['StreamingTool_EmptyNameArgsOnlyNoID'],
    note: 'As above: arguments without a name or an id are an error.',
    run() {
      expect(() => seen(named('', '{"x":1}', {}), ...end)).toThrow(nameless);
    },
  },
  {
    names: ['StreamingTool_MixedEmptyNameAndValid', 'StreamingTool_StopReasonMixedEmptyNameAndValid'],
    run() {
      expect(seen(named('', '{"x":1}'), valid, ...end)).toEqual(onlyValid);
      expect(seen(valid, named(null, '{"x":1}'), ...end)).toEqual(onlyValid);
    },
  },
  {
    names: ['StreamingTool_EmptyNameWithoutSignalIsSuppressed'],
    run() {
      expect(seen(named('', '', {}), ...end)).toEqual({ calls: [], stopReason: 'end_turn' });
      expect(seen(chunk({ content: 'hi' }), named('', '', {}), ...end)).toEqual({ calls: [], stopReason: 'end_turn' });
    },
  },
];

const ids: readonly Entry[] = [
  {
    names: ['StreamingTool_EmptyIDDeferStart'],
    run() {
      expect(seen(named('ls', '{"x":', { id: '' }), named('', '1}', { id: 'a' }), ...end)).toEqual(one);
    },
  },
  {
    names: ['StreamingTool_IDInDeltaWithoutFunction'],
    run() {
      expect(seen(named('ls', '{"x":1}', {}), call({ index: 0, id: 'a' }), ...end)).toEqual(one);
      expect(seen(call({ index: 0, id: 'a' }), named('ls', '{"x":1}', {}), ...end)).toEqual(one);
    },
  },
  {
    names: ['StreamingTool_LateIDAfterFinalization'],
    note: 'The answer ends at [DONE], not at the finish reason: an id in between is the call’s, one after it is not read.',
    run() {
      const late = call({ index: 0, id: 'a' });
      expect(seen(named('ls', '{"x":1}', {}), chunk({}, 'tool_calls'), late, '[DONE]')).toEqual(one);
      const made = { calls: [{ id: 'call_0_0', name: 'ls', input: '{"x":1}' }], stopReason: 'tool_use' };
      expect(seen(named('ls', '{"x":1}', {}), chunk({}, 'tool_calls'), '[DONE]', late)).toEqual(made);
    },
  },
  {
    names: ['StreamingTool_StopReasonWhenIDNeverArrives'],
    note: 'The call gets an id from its place, so that the client can run and answer it.',
    run() {
      expect(seen(named('ls', '{"x":1}', {}), ...end)).toEqual({
        calls: [{ id: 'call_0_0', name: 'ls', input: '{"x":1}' }],
        stopReason: 'tool_use',
      });
    },
  },
  {
    names: ['StreamingTool_BelatedStartsUseOpenAIToolIndexOrder'],
    run() {
      const second = call({ index: 1, function: { name: 'cat', arguments: '{}' } });
      const first = call({ index: 0, function: { name: 'ls', arguments: '{}' } });
      expect(seen(second, first, ...end).calls.map(({ name }) => name)).toEqual(['ls', 'cat']);
    },
  },
];

const endings: readonly Entry[] = [
  {
    names: ['StreamingTool_StopReasonWithEmittedTool'],
    run() {
      for (const finish of ['stop', 'tool_calls', 'function_call', 'length']) {
        expect(seen(named('ls', '{"x":1}'), chunk({}, finish), '[DONE]')).toEqual(one);
      }
    },
  },
  {
    names: ['Streaming_LateUsageOnlyDoesNotEmitAfterMessageStop'],
    run() {
      const all = events(chunk({ content: 'hi' }), chunk({}, 'stop'), usageChunk, '[DONE]', usageChunk);
      const types = all.map(({ type }) => type);
      expect(types.slice(-2)).toEqual(['message_delta', 'message_stop']);
      expect(types.filter((type) => type === 'message_delta')).toHaveLength(1);
      expect(all.at(-2)?.usage).toMatchObject({ input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 5 });
    },
  },
];

export const chatStreamToClaude: readonly Entry[] = [...names, ...ids, ...endings];
