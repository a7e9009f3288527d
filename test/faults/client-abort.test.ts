/** A client that leaves takes its upstream request with it, at once. */
import { afterEach, describe, expect, test } from 'vitest';
import { upstreamModels } from '../support/proxy-process.ts';
import { ask, dialects, pairs } from './dialect-client.ts';
import { eventually, type Gateway, startGateway } from './gateway.ts';

const WITHIN_MS = 200;

let gateway: Gateway;
afterEach(() => gateway.close());

describe.for(pairs)('%s client, %s upstream', ([client, upstream]) => {
  const model = upstreamModels[upstream];
  const aborted = (): boolean => gateway.upstream.seen[0]?.aborted === true;

  test.for([false, true])('before the head (stream %s)', async (stream) => {
    gateway = await startGateway(() => ({ fault: 'hang' }), { credentials: 1 });
    const controller = new AbortController();
    const call = ask(gateway.origin, client, model, { stream, signal: controller.signal });
    await eventually(() => gateway.upstream.seen.length === 1, 2000);
    expect(aborted()).toBe(false);
    controller.abort();
    await expect(call).rejects.toThrow();
    await eventually(aborted, WITHIN_MS);
    expect(gateway.upstream.seen).toHaveLength(1);
  });

  test('in the middle of a stream', async () => {
    gateway = await startGateway(
      () => ({
        fault: 'stall',
        after: 9,
        answer: { text: 'A text of many pieces that is never finished, however long one waits for its end.' },
      }),
      { credentials: 1 },
    );
    const controller = new AbortController();
    const reply = await ask(gateway.origin, client, model, { stream: true, signal: controller.signal });
    expect((await reply.body?.getReader().read())?.done).toBe(false);
    expect(aborted()).toBe(false);
    controller.abort();
    await eventually(aborted, WITHIN_MS);
  });
});

test.for(dialects)('%s: while a further round waits', async (dialect) => {
  const limited = { fault: 'status', status: 429, headers: { 'retry-after': '1' }, body: '{}' } as const;
  gateway = await startGateway(() => limited, { credentials: 1, config: 'request-retry: 3\nmax-retry-interval: 5' });
  const controller = new AbortController();
  const call = ask(gateway.origin, dialect, upstreamModels[dialect], { signal: controller.signal });
  await eventually(() => gateway.upstream.seen.length === 1, 2000);
  setTimeout(() => controller.abort(), 100);
  await expect(call).rejects.toThrow();
  await new Promise((done) => setTimeout(done, 1200));
  expect(gateway.upstream.seen).toHaveLength(1);
});
