import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FailingUpstream, refuse, sendAnswer, startFailingUpstream } from '../../test/support/failing-upstream.ts';
import {
  chatAnswer,
  chatBody,
  createHarness,
  type credential,
  type Harness,
  type HarnessOptions,
  target,
} from '../../test/support/pipeline-harness.ts';
import type { ErrorRule } from '../credentials/credential.ts';
import type { Target } from '../routing/target.ts';

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

function start(account: Parameters<typeof credential>[1] = {}, options: HarnessOptions = {}): void {
  harness = createHarness(options);
  harness.targets = ['c1', 'c2', 'c3'].map((id) => target(upstream.origin, id, { account }));
}

describe('rules of the user', () => {
  const rules = (action: ErrorRule['action'], status = 400): { errorRules: ErrorRule[] } => ({
    errorRules: [{ status, texts: ['special words'], patterns: [/code[ _]7/], action }],
  });

  test.each([
    ['stop', 429, ['c1 m'], []],
    ['stop-and-cooldown', 429, ['c1 m'], ['c1 upstream_rate_limited']],
    ['continue', 400, ['c1 m', 'c2 m'], ['c2 ok']],
    ['continue-and-cooldown', 400, ['c1 m', 'c2 m'], ['c1 upstream_rate_limited', 'c2 ok']],
  ] as const)('%s for %i', async (action, status, asked, log) => {
    start(rules(action, status));
    upstream.answers = { c1: refuse(status, 'with special words') };
    const reply = await harness.ask();
    expect(upstream.asked).toEqual(asked);
    expect(harness.pool.log).toEqual(log);
    expect(reply.status).toBe(asked.length === 1 ? status : 200);
    if (asked.length === 1) expect(reply.text()).toContain('with special words');
  });

  test('the body is what is matched, patterns too; another status or other words change nothing', async () => {
    start(rules('continue'));
    upstream.answers = { c1: refuse(400, 'no', { code: 'code_7' }) };
    expect((await harness.ask()).json()).toEqual(chatAnswer);
    upstream.answers = { c1: refuse(400, 'no', { code: 'code_8' }) };
    expect((await harness.ask()).status).toBe(400);
    upstream.answers = { c1: refuse(422, 'special words') };
    expect((await harness.ask()).status).toBe(422);
  });

  test('an error in a stream has a status and words as well', async () => {
    start(rules('stop', 503));
    const event = 'data: {"error":{"message":"special words","type":"server_error","code":503}}\n\n';
    upstream.answers = {
      c1: (_request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(event),
    };
    expect((await harness.ask({}, { ...chatBody, stream: true })).status).toBe(503);
    expect(upstream.asked).toEqual(['c1 m']);
    expect(harness.pool.log).toEqual([]);
  });

  test('a pause that a rule demands is a minute, or as long as the upstream says; a refused key keeps its own', async () => {
    start(rules('continue-and-cooldown', 401));
    const blamed: (number | undefined)[] = [];
    const codes: string[] = [];
    harness.pool.failed = (_target, error) => {
      blamed.push(error.retryAfterMs);
      codes.push(error.code);
    };
    upstream.answers = { c1: refuse(401, 'special words') };
    await harness.ask();
    harness.targets = [target(upstream.origin, 'c1', { account: rules('stop-and-cooldown', 500) })];
    upstream.answers = { c1: refuse(500, 'special words') };
    await harness.ask();
    upstream.answers = {
      c1: (_request, response) => response.writeHead(500, { 'retry-after': '90' }).end('special words'),
    };
    await harness.ask();
    expect(codes).toEqual(['upstream_unauthorized', 'upstream_rate_limited', 'upstream_rate_limited']);
    expect(blamed).toEqual([undefined, 60_000, 90_000]);
  });
});

describe('the same failure twice', () => {
  const words = (number: number): string => `Unsupported keyword oneOf in schema of tool ${number} (req_${number}a7)`;

  test("is the request's own: nobody is blamed, and the client gets the upstream's words and status", async () => {
    start();
    upstream.answers = { c1: refuse(500, words(1)), c2: refuse(500, words(2)) };
    const reply = await harness.ask();
    expect(reply.status).toBe(500);
    expect(reply.json()).toMatchObject({ error: { message: words(2) } });
    expect(upstream.asked).toEqual(['c1 m', 'c2 m']);
    expect(harness.pool.log).toEqual(['c1 upstream_failed', 'c1 forgiven']);
    expect(harness.records[0]?.error).toMatchObject({ scope: 'request', retryable: false, status: 500 });
  });

  test('different words, empty words and overloads are not', async () => {
    start();
    upstream.answers = { c1: refuse(500, words(1)), c2: refuse(500, 'Unsupported keyword anyOf in schema of tool') };
    expect((await harness.ask()).status).toBe(200);
    for (const [status, message] of [
      [500, 'Internal server error'],
      [529, 'Overloaded: model opus busy today'],
      [429, 'Too many tokens: slow down please everybody'],
    ] as const) {
      upstream.answers = { c1: refuse(status, message), c2: refuse(status, message) };
      expect((await harness.ask()).status).toBe(200);
    }
    expect(harness.pool.log.filter((line) => line.endsWith('forgiven'))).toEqual([]);
  });

  test('two models of one credential, or one credential in two rounds, are one voice', async () => {
    start({}, { settings: { requestRetry: 1 } });
    harness.targets = [target(upstream.origin, 'c1')];
    upstream.answers = { c1: refuse(500, words(1)) };
    expect((await harness.ask()).status).toBe(500);
    expect(upstream.asked).toEqual(['c1 m', 'c1 m']);
    expect(harness.pool.log).toEqual(['c1 upstream_failed', 'c1 upstream_failed']);
  });
});

describe('a refused token', () => {
  const account = { kind: 'account' } as const;
  const renewed = ({ credential: old, ...rest }: Target): Target => ({
    ...rest,
    credential: { ...old, secret: `fake-secret-${old.id}.new` },
  });

  test('is renewed, and the same credential asked once more', async () => {
    const asked: string[] = [];
    const renew = (old: Target): Promise<Target> => {
      asked.push(old.credential.id);
      return Promise.resolve(renewed(old));
    };
    start(account, { renew });
    upstream.answers = { c1: refuse(401) };
    expect((await harness.ask()).json()).toEqual(chatAnswer);
    expect(upstream.asked).toEqual(['c1 m', 'c1.new m']);
    expect(asked).toEqual(['c1']);
    expect(harness.pool.log).toEqual(['c1 ok']);
    expect(harness.records[0]?.outcomes).toEqual([
      expect.objectContaining({ credentialId: 'c1', outcome: 'upstream_unauthorized', status: 401 }),
      expect.objectContaining({ credentialId: 'c1', outcome: 'ok', status: undefined }),
    ]);
  });

  test.each([
    ['is refused again', (old: Target) => Promise.resolve(renewed(old)), ['c1 m', 'c1.new m', 'c2 m']],
    ['cannot be had', () => Promise.resolve(undefined), ['c1 m', 'c2 m']],
    ['fails to come', () => Promise.reject(new Error('down')), ['c1 m', 'c2 m']],
    [
      'fails at once',
      () => {
        throw new Error('down');
      },
      ['c1 m', 'c2 m'],
    ],
  ] as const)('a new one that %s: the next credential', async (_name, renew, asked) => {
    start(account, { renew });
    upstream.answers = { c1: refuse(401), 'c1.new': refuse(401) };
    expect((await harness.ask()).status).toBe(200);
    expect(upstream.asked).toEqual(asked);
    expect(harness.pool.log).toEqual(['c1 upstream_unauthorized', 'c2 ok']);
  });

  test('is not renewed for other refusals, nor for a key', async () => {
    const renew = (): Promise<undefined> => {
      throw new Error('must not be asked');
    };
    start(account, { renew });
    upstream.answers = { c1: refuse(403), c2: refuse(429) };
    expect((await harness.ask()).status).toBe(200);
    harness.targets = [target(upstream.origin, 'c1'), target(upstream.origin, 'c2')];
    upstream.answers = { c1: refuse(401) };
    expect((await harness.ask()).status).toBe(200);
    expect(upstream.asked.at(-1)).toBe('c2 m');
  });

  test('a client that leaves meanwhile ends it: no attempt, no blame', async () => {
    let done: (value: undefined) => void = () => {};
    const waiting = new Promise<undefined>((resolve) => {
      done = resolve;
    });
    start(account, { renew: () => waiting });
    upstream.answers = { c1: refuse(401) };
    const reply = harness.begin();
    await expect.poll(() => [upstream.asked.length, harness.pool.inFlight], { interval: 5 }).toEqual([1, 0]);
    reply.leave();
    done(undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(upstream.asked).toEqual(['c1 m']);
    expect(harness.pool.log).toEqual([]);
    expect(harness.records[0]).toMatchObject({ status: 499 });
  });
});

test('attempts are listed only where there was more than one that went well', async () => {
  start();
  await harness.ask();
  expect(harness.records[0]?.outcomes).toBeUndefined();
  upstream.answers = { c1: refuse(500), c2: sendAnswer };
  await harness.ask();
  expect(harness.records[1]?.outcomes).toEqual([
    {
      provider: 'test',
      credentialId: 'c1',
      model: 'm',
      outcome: 'upstream_failed',
      status: 500,
      ms: expect.any(Number),
    },
    { provider: 'test', credentialId: 'c2', model: 'm', outcome: 'ok', status: undefined, ms: expect.any(Number) },
  ]);
});
