/** A Claude client of a Responses upstream, streaming: the blocks that it ends up with. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry } from '../ledger.ts';
import {
  added,
  argsDelta,
  argsDone,
  call,
  claudeOf,
  completed,
  created,
  done,
  message,
  reasoning,
  summaryDelta,
  summaryPart,
  textBlock,
  textDelta,
  textEvents,
  thinking,
  toolUse,
} from '../responses-events.ts';
import { stream } from '../through.ts';

const SEALED = 'llmproxy.openai-responses.';
const GPT = 'gAAAAfake';

/** Two calls whose arguments come in turns. */
const interleaved: readonly Wire[] = [
  created,
  added(0, call(1)),
  added(1, call(2)),
  argsDelta(2, 1, '{"b":'),
  argsDelta(1, 0, '{"a":'),
  argsDelta(2, 1, '2}'),
  argsDelta(1, 0, '1}'),
];

/** The events of a reasoning item with a summary in parts. */
function thought(index: number, parts: readonly string[], sealed?: string, first?: string): Wire[] {
  return [
    added(index, reasoning([], first)),
    ...parts.flatMap((text, part) => [
      summaryPart(index, part, 'added'),
      summaryDelta(index, part, text),
      summaryPart(index, part, 'done'),
    ]),
    done(index, reasoning(parts, sealed)),
  ];
}

export const calls: readonly Entry[] = [
  {
    names: ['ConvertCodexResponseToClaude_StreamSerializesInterleavedNamedFunctionCalls'],
    run() {
      const end = [done(1, call(2, 'tool_2', '{"b":2}')), done(0, call(1, 'tool_1', '{"a":1}')), completed()];
      const { content, stop_reason } = claudeOf([...interleaved, ...end]);
      expect(content).toEqual([toolUse(1, { a: 1 }), toolUse(2, { b: 2 })]);
      expect(stop_reason).toBe('tool_use');
    },
  },
  {
    names: [
      'ConvertCodexResponseToClaude_StreamTerminalMatchesFunctionCallsByOutputIndex',
      'ConvertCodexResponseToClaude_StreamTerminalHydratesInterleavedFunctionCalls',
    ],
    note: 'The terminal event tells the calls by their places: here its ids are others than those before.',
    run() {
      const output = [
        { ...call(1, 'tool_1', '{"a":1}'), id: 'fc_x' },
        { ...call(2, 'tool_2', '{"b":2,"c":3}'), id: 'fc_y' },
      ];
      const { content } = claudeOf([...interleaved.slice(0, 5), completed({ output })]);
      expect(content).toEqual([toolUse(1, { a: 1 }), toolUse(2, { b: 2, c: 3 })]);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamDefersOtherContentUntilFunctionCallsClose'],
    run() {
      const events = [created, added(0, call(1)), argsDelta(1, 0, '{"a"'), ...textEvents(1, 'meanwhile')];
      const { content } = claudeOf([
        ...events,
        argsDelta(1, 0, ':1}'),
        done(0, call(1, 'tool_1', '{"a":1}')),
        completed(),
      ]);
      expect(content).toEqual([toolUse(1, { a: 1 }), textBlock('meanwhile')]);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamDeferredTextClosesBeforeThinkingStarts'],
    run() {
      const others = [...textEvents(1, 'meanwhile'), ...thought(2, ['hm'], GPT)];
      const events = [created, added(0, call(1)), ...others, done(0, call(1, 'tool_1', '{}')), completed()];
      expect(claudeOf(events).content).toEqual([toolUse(1), textBlock('meanwhile'), thinking('hm', SEALED + GPT)]);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamTextBeforeToolCallsDoesNotEmitGhostStop'],
    run() {
      const events = [
        created,
        ...textEvents(0, 'look'),
        added(1, call(1)),
        done(1, call(1, 'tool_1', '{"a":1}')),
        completed(),
      ];
      expect(claudeOf(events).content).toEqual([textBlock('look'), toolUse(1, { a: 1 })]);
      const stops = stream('anthropic-messages', 'openai-responses', events).filter(
        ({ event }) => event === 'content_block_stop',
      );
      expect(stops.map(({ data }) => data.index)).toEqual([0, 1]);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamFunctionCallDefersStartUntilDoneName'],
    run() {
      const events = [created, added(0, call(1, '')), argsDelta(1, 0, '{"a":1}'), argsDone(1, 0, '{"a":1}')];
      const seen = stream('anthropic-messages', 'openai-responses', [
        ...events,
        done(0, call(1, 'late', '{"a":1}')),
        completed(),
      ]);
      const names = seen
        .filter(({ event }) => event === 'content_block_start')
        .map(({ data }) => data.content_block.name);
      expect(names).toEqual(['late']);
      expect(claudeOf([...events, done(0, call(1, 'late', '{"a":1}')), completed()]).content).toEqual([
        toolUse(1, { a: 1 }, 'late'),
      ]);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamUnnamedFunctionCallDoneByCallIDKeepsPendingSlots'],
    run() {
      const events = [created, added(0, call(1, '')), added(1, call(2, ''))];
      const late = { ...call(2, 'second', '{"b":2}'), id: 'fc_2' };
      const end = [
        { type: 'response.output_item.done', item: late },
        done(0, call(1, 'first', '{"a":1}')),
        completed(),
      ];
      expect(claudeOf([...events, ...end]).content).toEqual([
        toolUse(2, { b: 2 }, 'second'),
        toolUse(1, { a: 1 }, 'first'),
      ]);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamDeferredUnnamedFunctionCallDoesNotReserveBlockIndex'],
    run() {
      const events = [
        created,
        added(0, call(1, '')),
        ...textEvents(1, 'text'),
        done(0, call(1, 'late', '{}')),
        completed(),
      ];
      expect(claudeOf(events).content).toEqual([textBlock('text'), toolUse(1, {}, 'late')]);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamTerminalOutputHydratesOpenFunctionCallArguments'],
    run() {
      const events = [created, added(0, call(1)), argsDelta(1, 0, '{"a":')];
      const { content, stop_reason } = claudeOf([...events, completed({ output: [call(1, 'tool_1', '{"a":1}')] })]);
      expect(content).toEqual([toolUse(1, { a: 1 })]);
      expect(stop_reason).toBe('tool_use');
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamTerminalOutputEmitsPendingUnnamedFunctionCall'],
    run() {
      const events = [created, added(0, call(1, '')), argsDelta(1, 0, '{"a":1}')];
      const { content, stop_reason } = claudeOf([...events, completed({ output: [call(1, 'named', '{"a":1}')] })]);
      expect(content).toEqual([toolUse(1, { a: 1 }, 'named')]);
      expect(stop_reason).toBe('tool_use');
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamUnresolvedPendingFunctionCallDoesNotForceToolUseStopReason'],
    run() {
      const { content, stop_reason } = claudeOf([
        created,
        added(0, call(1, '')),
        argsDelta(1, 0, '{"a":1}'),
        completed(),
      ]);
      expect(content).toEqual([]);
      expect(stop_reason).toBe('end_turn');
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamEmptyOutputUsesOutputItemDoneMessageFallback'],
    run() {
      expect(claudeOf([created, done(0, message('whole')), completed()]).content).toEqual([textBlock('whole')]);
      const twice = [created, added(0, message('')), textDelta(0, 'who'), done(0, message('whole')), completed()];
      expect(claudeOf(twice).content).toEqual([textBlock('whole')]);
    },
  },
];

export const thoughts: readonly Entry[] = [
  {
    names: [
      'ConvertCodexResponseToClaude_StreamThinkingIncludesSignature',
      'ConvertCodexResponseToClaude_StreamThinkingUsesFinalDoneSignature',
    ],
    note: 'The signature is written once, in a tag that names its origin, so that it never reaches another provider.',
    run() {
      const { content } = claudeOf([
        created,
        ...thought(0, ['hm'], GPT, 'gAAAAfirst'),
        ...textEvents(1, 'a'),
        completed(),
      ]);
      expect(content).toEqual([thinking('hm', SEALED + GPT), textBlock('a')]);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamThinkingWithoutReasoningItemStillIncludesSignatureField'],
    run() {
      const { content } = claudeOf([created, summaryDelta(0, 0, 'hm'), completed()]);
      expect(content).toEqual([thinking('hm', '')]);
    },
  },
  {
    names: [
      'ConvertCodexResponseToClaude_StreamThinkingKeepsSingleBlockAcrossSummaryParts',
      'ConvertCodexResponseToClaude_StreamThinkingEmitsSingleSignatureAcrossMultipartReasoning',
    ],
    run() {
      const events = [created, ...thought(0, ['one', 'two', 'three'], GPT), completed()];
      expect(claudeOf(events).content).toEqual([thinking('one\n\ntwo\n\nthree', SEALED + GPT)]);
      const signatures = stream('anthropic-messages', 'openai-responses', events).filter(
        ({ data }) => data.delta?.type === 'signature_delta',
      );
      expect(signatures).toHaveLength(1);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamThinkingNeverEmitsPreContentEncryptedContent'],
    run() {
      const events = [created, ...thought(0, ['hm'], GPT, 'gAAAAfirst'), completed()];
      const seen = JSON.stringify(stream('anthropic-messages', 'openai-responses', events));
      expect(seen).toContain(GPT);
      expect(seen).not.toContain('gAAAAfirst');
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamThinkingEmitsOneBlockPerReasoningItem'],
    run() {
      const second = thought(1, ['b'], 'gAAAAtwo').map((event) =>
        JSON.parse(JSON.stringify(event).replaceAll('rs_1', 'rs_2')),
      );
      expect(claudeOf([created, ...thought(0, ['a'], GPT), ...second, completed()]).content).toEqual([
        thinking('a', SEALED + GPT),
        thinking('b', `${SEALED}gAAAAtwo`),
      ]);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamThinkingUsesEarlyCapturedSignatureWhenDoneOmitsIt'],
    run() {
      expect(claudeOf([created, ...thought(0, ['hm'], undefined, GPT), completed()]).content).toEqual([
        thinking('hm', SEALED + GPT),
      ]);
    },
  },
  {
    names: ['ConvertCodexResponseToClaude_StreamSignatureOnlyReasoningEmitsThinkingSignature'],
    run() {
      const events = [
        created,
        added(0, reasoning([])),
        done(0, reasoning([], GPT)),
        ...textEvents(1, 'a'),
        completed(),
      ];
      expect(claudeOf(events).content).toEqual([thinking('', SEALED + GPT), textBlock('a')]);
    },
  },
];
