/** How long a credential is left alone, and what the client hears meanwhile. */
import { afterEach, describe, expect, test } from 'vitest';
import { upstreamModels } from '../support/proxy-process.ts';
import type { ScriptedFault } from '../support/scripted-upstream/index.ts';
import { ask, dialects, pairs, readError } from './dialect-client.ts';
import { type Gateway, keyOf, startGateway } from './gateway.ts';

let gateway: Gateway;
afterEach(() => gateway.close());

const limited = (retryAfter?: string): ScriptedFault => ({
  fault: 'status',
  status: 429,
  headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  body: JSON.stringify({ error: { message: 'slow down' } }),
});

const seconds = (reply: Response): number => Number(reply.headers.get('retry-after'));

test.for(pairs)(
  '%s client, %s upstream: Retry-After in seconds and as a date is passed on',
  async ([client, upstream]) => {
    const model = upstreamModels[upstream];
    const date = new Date(Date.now() + 40_000).toUTCString();
    gateway = await startGateway((seen) => limited(keyOf(seen) === 'one' ? '40' : date));
    const first = await ask(gateway.origin, client, model);
    expect(first.status).toBe(429);
    expect(seconds(first)).toBeGreaterThan(20);
    expect(seconds(first)).toBeLessThanOrEqual(40);
    expect(readError(client, await first.json())).toMatchObject({ shape: true, message: 'slow down' });
    expect(gateway.upstream.seen).toHaveLength(2);

    const second = await ask(gateway.origin, client, model, { stream: true });
    expect(second.status).toBe(429);
    expect(seconds(second)).toBeGreaterThan(35);
    const error = readError(client, await second.json());
    expect(error).toMatchObject({ shape: true, message: expect.stringContaining('cooling down') });
    if (client.startsWith('openai')) expect(error.code).toBe('model_cooldown');
    if (client === 'anthropic-messages') expect(error.code).toBe('rate_limit_error');
    if (client === 'gemini') expect(error.code).toBe('RESOURCE_EXHAUSTED');
    // Nobody was asked again.
    expect(gateway.upstream.seen).toHaveLength(2);
  },
);

describe.for(dialects)('%s', (dialect) => {
  const model = upstreamModels[dialect];

  test('a limit without Retry-After doubles its window, and each wait ends', async () => {
    gateway = await startGateway((_seen, index) => (index < 2 ? limited() : { text: 'ok.' }), { credentials: 1 });
    const first = await ask(gateway.origin, dialect, model);
    expect(first.status).toBe(429);
    const cooling = await ask(gateway.origin, dialect, model);
    expect([cooling.status, seconds(cooling)]).toEqual([429, 1]);
    await new Promise((done) => setTimeout(done, 1050));
    expect((await ask(gateway.origin, dialect, model)).status).toBe(429);
    const doubled = await ask(gateway.origin, dialect, model);
    expect([doubled.status, seconds(doubled)]).toEqual([429, 2]);
    expect(gateway.upstream.seen).toHaveLength(2);
    await new Promise((done) => setTimeout(done, 2050));
    expect((await ask(gateway.origin, dialect, model)).status).toBe(200);
  });

  test('after Retry-After the credential is used again', async () => {
    let bad = '';
    gateway = await startGateway((seen, index) => {
      if (index === 0) bad = keyOf(seen);
      // Long enough for three requests on a busy machine.
      return index === 0 ? limited('3') : { text: 'ok.' };
    });
    for (let round = 0; round < 3; round++) expect((await ask(gateway.origin, dialect, model)).status).toBe(200);
    expect(gateway.keys().slice(1)).not.toContain(bad);
    await new Promise((done) => setTimeout(done, 3050));
    for (let round = 0; round < 2; round++) expect((await ask(gateway.origin, dialect, model)).status).toBe(200);
    expect(gateway.keys().slice(-2)).toContain(bad);
  });

  test('a short wait is waited for: the client sees an answer, not the limit', async () => {
    gateway = await startGateway((_seen, index) => (index === 0 ? limited('1') : { text: 'ok.' }), {
      credentials: 1,
      config: 'request-retry: 3\nmax-retry-interval: 5',
    });
    const start = performance.now();
    const reply = await ask(gateway.origin, dialect, model);
    expect(reply.status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(950);
    expect(gateway.upstream.seen).toHaveLength(2);
  });

  test('a limit of one model leaves the other models of the credential alone', async () => {
    gateway = await startGateway((seen) => (seen.model === model ? limited('30') : { text: 'ok.' }), {
      credentials: 1,
      config: 'request-retry: 0',
    });
    expect((await ask(gateway.origin, dialect, model)).status).toBe(429);
    const other = dialect === 'gemini' ? 'up-claude' : 'up-gemini';
    expect((await ask(gateway.origin, dialect, other)).status).toBe(200);
  });
});
