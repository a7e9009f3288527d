/** Servers that copy Chat Completions: cache keys, tool results, and streams that end in other ways than OpenAI's. */
import { expect } from 'vitest';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import {
  chatStream,
  createHarness,
  type Harness,
  type LocalUpstream,
  chatAnswer as plainAnswer,
  startUpstream,
  target,
} from '../../support/pipeline-harness.ts';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { chunk } from '../chat-upstream.ts';
import type { Entry, Group } from '../ledger.ts';
import { every, withRules } from '../payload.ts';
import { reasons } from '../reasons.ts';
import { request, stream } from '../through.ts';

const manifest = { quirks: { promptCacheKey: { 'openai-chat': 'prompt_cache_key' } } };
const claude = { codec: anthropicMessages };
const say = (more: Wire = {}): Wire => ({
  model: 'm',
  max_tokens: 9,
  messages: [{ role: 'user', content: 'hi' }],
  ...more,
});

/** Runs a case with a pipeline in front of a server that answers this. */
async function withServer(
  answer: string,
  run: (harness: Harness, upstream: LocalUpstream) => Promise<void>,
): Promise<void> {
  const type = answer.trimStart().startsWith('{') ? 'application/json' : 'text/event-stream';
  const upstream = await startUpstream((_, response) => response.writeHead(200, { 'content-type': type }).end(answer));
  const harness = createHarness();
  harness.targets = [target(upstream.origin, 'c1', { manifest })];
  try {
    await run(harness, upstream);
  } finally {
    await harness.close();
    await upstream.close();
  }
}

const whole = JSON.stringify(plainAnswer);
const keys = ({ requests }: LocalUpstream): readonly unknown[] =>
  requests.map(({ body }) => JSON.parse(body).prompt_cache_key);

const cacheKeys: readonly Entry[] = [
  {
    names: ['OpenAICompatExecutorApplyPromptCacheKey', 'OpenAICompatExecutorPromptCacheKeyIsModelAndProtocolScoped'],
    test: 'src/pipeline/prompt-cache.test.ts > is the same on every turn, differs between conversations, models and clients',
  },
  {
    names: ['OpenAICompatExecutorPromptCacheKeyExecute', 'OpenAICompatExecutorPromptCacheKeyExecuteStream'],
    run: () =>
      withServer(chatStream('hi').join(''), async (harness, upstream) => {
        await harness.ask(claude, say({ stream: true }));
        await harness.ask(claude, say());
        const [streamed, plain] = keys(upstream);
        expect(streamed).toMatch(/^llmproxy-[0-9a-f]{40}$/);
        expect(plain).toBe(streamed);
      }),
  },
  {
    names: [
      'OpenAICompatExecutorPromptCacheKeyUsesConfigIndex',
      'OpenAICompatExecutorPromptCacheKeyIgnoresConfigIndexForNonConfigAuth',
    ],
    note: 'The key tells conversations apart, not credentials: each account has a cache of its own anyway.',
    run: () =>
      withServer(whole, async (harness, upstream) => {
        await harness.ask(claude, say());
        harness.targets = [target(upstream.origin, 'c2', { manifest })];
        await harness.ask(claude, say());
        const [first, second] = keys(upstream);
        expect(first).toEqual(expect.any(String));
        expect(second).toBe(first);
      }),
  },
  {
    names: ['OpenAICompatExecutorPromptCacheKeyCallerValueWinsPayloadOverride'],
    note: 'The client’s key wins over a derived one; a rule that overrides wins over both, as rules do.',
    run: () =>
      withServer(whole, async (harness, upstream) => {
        const headers = { 'session-id': 's' };
        await harness.ask({ headers }, say({ prompt_cache_key: 'mine' }));
        expect(keys(upstream)).toEqual(['mine']);
        const rule = { models: every, params: { prompt_cache_key: 'rule' } };
        expect(withRules({ override: [rule] }, { prompt_cache_key: 'mine' })).toEqual({ prompt_cache_key: 'rule' });
        expect(withRules({ default: [rule] }, { prompt_cache_key: 'mine' })).toEqual({ prompt_cache_key: 'mine' });
      }),
  },
  {
    names: ['OpenAICompatExecutorPromptCacheKeyStreamCompactSkipped'],
    test: "src/pipeline/prompt-cache.test.ts > is added to such a body for a named session, unless the client's own is there",
  },
  {
    names: ['OpenAICompatExecutorCompactPassthrough'],
    test: 'test/integration/responses-with-provider.test.ts > it sums conversations up itself',
  },
  {
    names: ['OpenAICompatExecutorPayloadOverrideWinsOverThinkingSuffix'],
    run: () =>
      withServer(whole, async (_, upstream) => {
        const { compilePayloadRules } = await import('../../../src/payload/index.ts');
        const { protocolNames } = await import('../../../src/providers/protocol-names.ts');
        const override = [{ models: every, params: { reasoning_effort: 'low' } }];
        const none = { default: [], 'default-raw': [], 'override-raw': [], filter: [] };
        const rules = compilePayloadRules({ ...none, override }, protocolNames);
        const ruled = createHarness({ settings: { payload: { rules, stripsImageTools: false } } });
        ruled.targets = [target(upstream.origin, 'c1', { reasoning: { effort: 'high' } })];
        for (const client of [claude, {}]) await ruled.ask(client, say({ model: 'm(high)' }));
        await ruled.close();
        const efforts = upstream.requests.map(({ body }) => JSON.parse(body).reasoning_effort);
        expect(efforts).toEqual(['low', 'low']);
      }),
  },
];

const responses = (text: string | readonly Wire[]): ReturnType<typeof stream> =>
  stream('openai-responses', 'openai-chat', text);
const data = (value: Wire): string => `data: ${JSON.stringify(value)}\n\n`;
const failed = (fields: Wire): Wire => expect.objectContaining(fields);

const streams: readonly Entry[] = [
  {
    names: ['OpenAICompatExecutorStreamRejectsPlainJSONAfterBlankLines'],
    note: 'A whole answer where a stream was asked for is told as the stream that it would have been.',
    run: () =>
      withServer(`\n\n${whole}`, async (harness) => {
        const reply = await harness.ask(claude, say({ stream: true }));
        expect(reply.status).toBe(200);
        expect(reply.text()).toContain('"text_delta","text":"hello"');
        expect(reply.text()).toContain('event: message_stop');
      }),
  },
  {
    names: ['OpenAICompatExecutorStreamSkipsKeepAliveUntilDataLine'],
    run() {
      const text = `: keep-alive\n\n: keep-alive\n\n${data(chunk({ content: 'hi' }, 'stop'))}data: [DONE]\n\n`;
      const types = responses(text).map(({ data: event }) => event.type);
      expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress']);
      expect(types.at(-1)).toBe('response.completed');
    },
  },
  {
    names: ['OpenAICompatExecutorResponsesStreamFailsOnEOFWithoutDone'],
    note: 'After a finish reason a missing [DONE] is forgiven.',
    run() {
      expect(() => responses([chunk({ content: 'hi' })])).toThrow(failed({ code: 'upstream_stream_truncated' }));
      expect(responses([chunk({ content: 'hi' }), chunk({}, 'stop')]).at(-1)?.event).toBe('response.completed');
    },
  },
  {
    names: ['OpenAICompatExecutorResponsesStreamPreservesUpstreamDataError'],
    run() {
      const error = { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' };
      const upstream = { status: 429, ...error };
      expect(() => responses([chunk({ content: 'a' }), { error }])).toThrow(
        failed({ code: 'upstream_rate_limited', message: 'slow down', upstream: failed(upstream) }),
      );
    },
  },
  {
    names: ['OpenAICompatExecutorResponsesStreamPreservesNamedErrorEvent'],
    run() {
      const text = `event: error\n${data({ message: 'gone', code: 'server_error' })}`;
      expect(() => responses(data(chunk({ content: 'a' })) + text)).toThrow(
        failed({ message: 'gone', upstream: failed({ code: 'server_error' }) }),
      );
    },
  },
  {
    names: ['OpenAICompatExecutorResponsesStreamHandlesAdditionalErrorShapes'],
    run() {
      const shapes: readonly (readonly [Wire, number, string])[] = [
        [{ error: 'boom' }, 502, 'boom'],
        [{ error: { message: 'late', code: '503' } }, 503, 'late'],
        [{ type: 'error', message: 'slow', code: 429 }, 429, 'slow'],
        [{ object: 'error', message: 'long', code: 400 }, 400, 'long'],
        [{ code: 'overloaded', message: 'busy' }, 529, 'busy'],
        [{ detail: 'no such model' }, 502, 'no such model'],
      ];
      for (const [shape, status, message] of shapes) {
        expect(() => responses([chunk({ content: 'a' }), shape])).toThrow(failed({ status, message }));
      }
    },
  },
  {
    names: ['OpenAICompatExecutorStreamDropsChunksAfterDone'],
    run() {
      const late = [chunk({ content: 'late' }), '[DONE]'];
      const events = responses([chunk({ content: 'hi' }), chunk({}, 'stop'), '[DONE]', ...late]);
      expect(events.filter(({ event }) => event === 'response.completed')).toHaveLength(1);
      expect(JSON.stringify(events)).not.toContain('late');
    },
  },
];

export const openaiCompat: Group = {
  group: 'openai_compat_executor_compact',
  entries: [
    ...cacheKeys,
    ...streams,
    {
      names: [
        'OpenAICompatExecutorImagesGenerationsPassthrough',
        'OpenAICompatExecutorImagesGenerationsStreamsUpstream',
        'OpenAICompatExecutorImagesEditsMultipartRewritesModel',
        'RewriteOpenAICompatImagesMultipartPayloadPreservesStreamAndFileContentType',
      ],
      because: reasons.images,
    },
  ],
};

const place = 'src/pipeline/readable-media.test.ts > ';

export const openaiCompatParts: readonly Group[] = [
  {
    group: 'openai_compat_executor_reasoning',
    entries: [
      {
        names: ['OpenAICompatExecutorUsesCompatibleClaudeTranslation'],
        run() {
          const thinking = { type: 'thinking', thinking: 'hm', signature: '' };
          const messages = [{ role: 'assistant', content: [thinking, { type: 'text', text: 'a' }] }];
          expect(request('anthropic-messages', 'openai-chat', say({ messages })).body.messages).toEqual([
            { role: 'assistant', content: 'a', reasoning_content: 'hm' },
          ]);
        },
      },
    ],
  },
  {
    group: 'openai_compat_executor_tool_results',
    entries: [
      {
        names: ['OpenAICompatExecutorToolResultContentByInputModalities'],
        test: `${place}gets no image of a tool result either`,
      },
    ],
  },
  {
    group: 'openai_compat_tool_results',
    entries: [
      {
        names: ['NormalizeOpenAIToolResultsTextOnly'],
        run() {
          const call = { id: 'a', type: 'function', function: { name: 'see', arguments: '{}' } };
          const text = { type: 'text', text: 'seen' };
          const messages = [
            { role: 'user', content: 'hi' },
            { role: 'assistant', content: null, tool_calls: [call] },
            { role: 'tool', tool_call_id: 'a', content: [text] },
          ];
          expect(request('openai-chat', 'openai-chat', { messages }).body.messages[2]).toEqual({
            role: 'tool',
            tool_call_id: 'a',
            content: 'seen',
          });
        },
      },
      {
        names: ['NormalizeOpenAIToolResultsTextOnlyImageAndUnknownContent'],
        test: `${place}gets no image of a tool result either`,
      },
      {
        names: ['ShouldNormalizeOpenAIToolResultsForModel'],
        test: `${place}a model of which no such thing is known`,
      },
    ],
  },
];
