import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  cut,
  type FailingUpstream,
  hang,
  refuse,
  sendAnswer,
  startFailingUpstream,
} from '../../test/support/failing-upstream.ts';
import {
  chatBody,
  chatStream,
  claudeEndpoint,
  createHarness,
  type FakeReply,
  type Harness,
  target,
  type UpstreamHandler,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { ProxyError } from '../errors.ts';
import type { Target } from '../routing/target.ts';

let upstream: FailingUpstream;

beforeAll(async () => {
  upstream = await startFailingUpstream();
});
afterAll(() => upstream.close());

const cutInside: UpstreamHandler = (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chatStream('part')[0]);
  setTimeout(() => request.socket.destroy(), 2);
};
const errorEvent: UpstreamHandler = (_request, response) => {
  response
    .writeHead(200, { 'content-type': 'text/event-stream' })
    .end('data: {"error":{"message":"overloaded","type":"server_error","code":503}}\n\n');
};
const html: UpstreamHandler = (_request, response) => void response.end('<html>maintenance</html>');

const faults: Readonly<Record<string, UpstreamHandler>> = {
  ok: sendAnswer,
  401: refuse(401),
  429: refuse(429),
  500: refuse(500, 'The template of this model has no role named developer'),
  400: refuse(400),
  404: refuse(404),
  405: refuse(405),
  signature: refuse(400, 'Invalid `signature` in `thinking` block'),
  cut,
  cutInside,
  errorEvent,
  html,
  hang,
};

const large = 'x'.repeat(200_000);
const thinking = {
  model: 'm',
  max_tokens: 10,
  messages: [
    { role: 'user', content: 'hi' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
        { type: 'text', text: 'yes' },
      ],
    },
    { role: 'user', content: 'and?' },
  ],
};

/** Everything that a client may send; what is broken in them as well. */
const requests: Readonly<Record<string, (harness: Harness) => FakeReply>> = {
  whole: (harness) => harness.begin(),
  stream: (harness) => harness.begin({}, { ...chatBody, stream: true }),
  strict: (harness) => harness.begin({ headers: { 'x-llmproxy-strict': '1' } }, { ...chatBody, logprobs: true }),
  undecodable: (harness) => harness.begin({}, { model: 'm', messages: [{ role: 7 }] }),
  large: (harness) => harness.begin({}, { ...chatBody, messages: [{ role: 'user', content: large }] }),
  largeUndecodable: (harness) => harness.begin({}, { model: 'm', messages: [{ role: 7, content: large }] }),
  thinking: (harness) => harness.begin({ codec: anthropicMessages }, thinking),
  count: (harness) => harness.begin({ operation: 'count-tokens', codec: anthropicMessages }, thinking),
  compact: (harness) => harness.begin({ operation: 'compact' }),
  warmUp: (harness) =>
    harness.begin(
      { turn: { session: { credentialId: undefined, release() {} }, warmUp: true, increment: undefined } },
      { ...chatBody, stream: true },
    ),
};

interface Mix {
  readonly request: string;
  readonly faults: readonly string[];
  readonly fallbackFault: string;
  readonly leavesAfterMs: number | undefined;
}

const mix: fc.Arbitrary<Mix> = fc.record({
  request: fc.constantFrom(...Object.keys(requests)),
  faults: fc.array(fc.constantFrom(...Object.keys(faults)), { minLength: 3, maxLength: 3 }),
  fallbackFault: fc.constantFrom(...Object.keys(faults)),
  leavesAfterMs: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
});

function createTroubled(): Harness {
  const targetsOf = (model: string): Target[] => [
    target(upstream.origin, 'c1', { model, account: { kind: 'account' } }),
    target(upstream.origin, 'c2', { model }),
    target(upstream.origin, 'c3', { model, manifest: claudeEndpoint }),
  ];
  return createHarness({
    settings: {
      requestRetry: 1,
      maxRetryIntervalS: 1,
      attemptBudget: 9,
      requestDeadlineMs: 120,
      streamKeepAliveMs: 30,
      wholeKeepAliveMs: 30,
      fallbacks: [{ model: 'm', to: ['n'], when: [] }],
    },
    firstByteTimeoutMs: 60,
    idleTimeoutMs: 60,
    route: targetsOf,
    async renew(old) {
      await new Promise((resolve) => setTimeout(resolve, 3));
      return old.model === 'm' ? { ...old } : undefined;
    },
  });
}

function watchCounts(harness: Harness): Map<string, number> {
  const counts = new Map<string, number>();
  const add = ({ credential }: Target, by: number): void => {
    const count = (counts.get(credential.id) ?? 0) + by;
    if (count < 0) throw new Error('ended more often than begun');
    counts.set(credential.id, count);
  };
  harness.pool.begun = (one: Target) => add(one, 1);
  harness.pool.ended = (one: Target) => add(one, -1);
  return counts;
}

test('whatever happens, the count of attempts under way is back at 0 in the end, and every request is recorded once', async () => {
  const harness = createTroubled();
  const counts = watchCounts(harness);
  harness.pool.waitMs = 10;
  let turn = 0;
  harness.pool.pick = ({ targets, tried }) => {
    const open = targets.filter(({ credential }) => !tried.has(credential.id));
    return open[turn++ % open.length];
  };
  let sent = 0;
  const property = fc.asyncProperty(fc.array(mix, { minLength: 1, maxLength: 8 }), async (mixes) => {
    for (const one of mixes) {
      upstream.answers = Object.fromEntries(one.faults.map((fault, at) => [`c${at + 1} m`, faults[fault] ?? cut]));
      upstream.answers['n'] = faults[one.fallbackFault] ?? cut;
      const reply = requests[one.request]?.(harness);
      if (reply === undefined) throw new Error('no such request');
      sent++;
      const timer = one.leavesAfterMs === undefined ? undefined : setTimeout(() => reply.leave(), one.leavesAfterMs);
      await reply.done;
      clearTimeout(timer);
    }
    await expect.poll(() => [...counts.values()].every((count) => count === 0), { interval: 2 }).toBe(true);
    await expect.poll(() => harness.records.length, { interval: 2 }).toBe(sent);
  });
  await fc.assert(property, { numRuns: 25 });
  expect(sent).toBeGreaterThan(50);
  await harness.close();
}, 60_000);

test('an executor that fails before it returns, or throws, leaves no attempt behind', async () => {
  for (const action of ['fails', 'throws'] as const) {
    const harness = createHarness({
      executor: {
        send(_call, sink) {
          const error = new ProxyError('upstream_unreachable', 'no way');
          if (action === 'throws') throw error;
          sink.error(error);
          return { resume() {}, abort() {} };
        },
      },
    });
    const counts = watchCounts(harness);
    harness.targets = ['c1', 'c2', 'c3'].map((id) => target(upstream.origin, id));
    expect((await harness.ask()).status).toBe(502);
    expect([...counts]).toEqual([
      ['c1', 0],
      ['c2', 0],
      ['c3', 0],
    ]);
    await harness.close();
  }
});
