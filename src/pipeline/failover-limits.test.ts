import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FailingUpstream, refuse, sendAnswer, startFailingUpstream } from '../../test/support/failing-upstream.ts';
import {
  chatAnswer,
  chatBody,
  chatStream,
  createHarness,
  type Harness,
  type HarnessOptions,
  target,
} from '../../test/support/pipeline-harness.ts';
import type { PipelineSettings } from './options.ts';

let harness: Harness;
let upstream: FailingUpstream;

beforeEach(async () => {
  upstream = await startFailingUpstream();
});

afterEach(async () => {
  expect(harness.pool.inFlight).toBe(0);
  await harness.close();
  await upstream.close();
});

function start(
  settings: Partial<PipelineSettings>,
  retries: readonly (number | undefined)[] = [],
  more: HarnessOptions = {},
): void {
  harness = createHarness({ settings, ...more });
  const own = retries.length === 0 ? [undefined, undefined, undefined] : retries;
  harness.targets = own.map((requestRetry, index) =>
    target(upstream.origin, `c${index + 1}`, requestRetry === undefined ? {} : { account: { requestRetry } }),
  );
}

const stream = { ...chatBody, stream: true };

describe('rounds', () => {
  test('take in only credentials that allow so many', async () => {
    start({ requestRetry: 2 }, [0, 1, undefined]);
    upstream.answers = { c1: refuse(500), c2: refuse(500), c3: refuse(500) };
    expect((await harness.ask()).status).toBe(500);
    expect(upstream.asked).toEqual(['c1 m', 'c2 m', 'c3 m', 'c2 m', 'c3 m', 'c3 m']);
  });

  test('are made for what passes only', async () => {
    start({ requestRetry: 2 });
    for (const status of [401, 402, 501]) {
      upstream.asked.length = 0;
      upstream.answers = { c1: refuse(status), c2: refuse(status), c3: refuse(status) };
      expect((await harness.ask()).status).toBe(status);
      expect(upstream.asked).toEqual(['c1 m', 'c2 m', 'c3 m']);
    }
    upstream.asked.length = 0;
    // One of them may be back: that is enough.
    upstream.answers = { c1: refuse(429), c2: refuse(401), c3: refuse(402) };
    await harness.ask();
    expect(upstream.asked).toHaveLength(9);
  });

  test('bootstrap rounds are for streams, and for refused keys as well', async () => {
    start({ bootstrapRetries: 1 }, [undefined]);
    upstream.answers = { c1: refuse(401) };
    await harness.ask({}, stream);
    expect(upstream.asked).toHaveLength(2);
    await harness.ask();
    expect(upstream.asked).toHaveLength(3);
    upstream.answers = { c1: refuse(500) };
    await harness.ask({}, stream);
    expect(upstream.asked).toHaveLength(5);
  });

  test('each asks at most so many credentials', async () => {
    start({ requestRetry: 1, maxRetryCredentials: 2 });
    upstream.answers = { c1: refuse(500), c2: refuse(500) };
    expect((await harness.ask()).status).toBe(500);
    expect(upstream.asked).toEqual(['c1 m', 'c2 m', 'c1 m', 'c2 m']);
  });
});

describe('attempt-budget', () => {
  test('ends a request with the last failure, and says so', async () => {
    start({ requestRetry: 5, attemptBudget: 4 });
    upstream.answers = { c1: refuse(500), c2: refuse(500), c3: refuse(503, 'no room') };
    const reply = await harness.ask();
    expect(upstream.asked).toEqual(['c1 m', 'c2 m', 'c3 m', 'c1 m']);
    expect(reply.status).toBe(500);
    expect(reply.text()).toContain('no: 500 (the last of 4 attempts, which is all that attempt-budget allows)');
    expect(harness.records[0]).toMatchObject({ attempts: 4, status: 500, errorCode: 'upstream_failed' });
    expect(harness.records[0]?.outcomes).toHaveLength(4);
  });

  test('counts fallbacks, and is no limit at 0', async () => {
    const route = (model: string) => ['c1', 'c2'].map((id) => target(upstream.origin, id, { model }));
    const fallbacks = [{ model: 'm', to: ['n'], when: [] }];
    start({ attemptBudget: 3, fallbacks }, [], { route });
    upstream.answers = { m: refuse(429, 'limited'), n: refuse(500) };
    const reply = await harness.ask();
    expect(upstream.asked).toEqual(['c1 m', 'c2 m', 'c1 n']);
    expect(reply.status).toBe(429);
    expect(reply.text()).toContain('limited (the last of 3 attempts');
    await harness.close();
    start({ attemptBudget: 0, requestRetry: 20 }, [undefined]);
    upstream.asked.length = 0;
    upstream.answers = { c1: refuse(500) };
    await harness.ask();
    expect(upstream.asked).toHaveLength(21);
  });

  test('a budget that is just enough changes nothing', async () => {
    start({ attemptBudget: 3 });
    upstream.answers = { c1: refuse(500), c2: refuse(500), c3: sendAnswer };
    expect((await harness.ask()).json()).toEqual(chatAnswer);
  });
});

describe('request-deadline', () => {
  test('ends an attempt that hangs: 504 with the truth, nobody blamed, the upstream let go', async () => {
    start({ requestDeadlineMs: 150 });
    let letGo = false;
    upstream.answers = {
      c1: refuse(500, 'first failure'),
      c2: (_request, response) => {
        response.on('close', () => {
          letGo = true;
        });
      },
    };
    const startedAt = performance.now();
    const reply = await harness.ask();
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(reply.status).toBe(504);
    expect(reply.text()).toContain(
      'no answer within 0.15 s (request-deadline-seconds), after 2 attempts; the last failure: first failure',
    );
    expect(harness.pool.log).toEqual(['c1 upstream_failed']);
    await expect.poll(() => letGo).toBe(true);
    expect(harness.records).toHaveLength(1);
    expect(harness.records[0]?.outcomes?.map(({ outcome }) => outcome)).toEqual([
      'upstream_failed',
      'upstream_timeout',
    ]);
  });

  test('is no limit once the answer has begun', async () => {
    start({ requestDeadlineMs: 100 });
    const [first = '', ...rest] = chatStream('slow');
    upstream.answers['c1'] = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(first);
      await new Promise((resolve) => setTimeout(resolve, 250));
      response.end(rest.join(''));
    };
    const reply = await harness.ask({}, stream);
    expect(reply.text()).toBe(first + rest.join(''));
  });

  test('a wait beyond it is not made', async () => {
    start({ requestDeadlineMs: 5000, requestRetry: 3, maxRetryIntervalS: 30 }, [undefined]);
    harness.pool.waitMs = 10_000;
    upstream.answers = { c1: refuse(503) };
    const startedAt = performance.now();
    expect((await harness.ask()).status).toBe(503);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  test('ends a wait that it was believed to be longer than', async () => {
    start({ requestDeadlineMs: 200, requestRetry: 3, maxRetryIntervalS: 30 }, [undefined]);
    harness.pool.waitMs = 120;
    upstream.answers = { c1: refuse(503) };
    const reply = await harness.ask();
    expect([503, 504]).toContain(reply.status);
    expect(upstream.asked.length).toBeLessThanOrEqual(2);
  });
});
