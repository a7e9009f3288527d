/** A refused token is renewed once, for as many requests as met it, over real sockets on both sides. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clientCodecs } from '../../src/dialects/index.ts';
import type { Target } from '../../src/routing/target.ts';
import { allowed, type Door, openDoor } from '../support/data-plane.ts';
import { type FailingUpstream, refuse, startFailingUpstream } from '../support/failing-upstream.ts';
import { chatBody, createHarness, type Harness, target } from '../support/pipeline-harness.ts';

let upstream: FailingUpstream;
let harness: Harness;
let door: Door;
/** Renewals that really happened, and how each goes. */
let renewals: number;
let renewal: (old: Target) => Promise<Target | undefined>;

/** As the refresher does it: those who come while a renewal is under way share it, those who come later have its token. */
function sharedRenewal(): (old: Target) => Promise<Target | undefined> {
  let running: Promise<Target | undefined> | undefined;
  return (old) => {
    const held = harness.targets.find((one) => one.credential.id === old.credential.id);
    if (held !== undefined && held.credential.secret !== old.credential.secret) return Promise.resolve(held);
    running ??= renewal(old).finally(() => {
      running = undefined;
    });
    return running;
  };
}

beforeEach(async () => {
  upstream = await startFailingUpstream();
  renewals = 0;
  renewal = async (old) => {
    renewals++;
    await new Promise((done) => setTimeout(done, 50));
    const secret = 'fake-secret-c1.new';
    harness.targets = harness.targets.map((one) =>
      one.credential.id === old.credential.id ? { ...one, credential: { ...one.credential, secret } } : one,
    );
    return { ...old, credential: { ...old.credential, secret } };
  };
  harness = createHarness({ renew: sharedRenewal() });
  harness.targets = ['c1', 'c2'].map((id) => target(upstream.origin, id, { account: { kind: 'account' } }));
  door = await openDoor('node', { codecs: clientCodecs, handle: (exchange) => harness.pipeline.handle(exchange) });
  upstream.answers = { c1: refuse(401, 'token expired') };
});

afterEach(async () => {
  await door.server.close(0);
  expect(harness.pool.inFlight).toBe(0);
  await harness.close();
  await upstream.close();
});

const send = (stream: boolean): Promise<Response> =>
  door.send('/v1/chat/completions', {
    method: 'POST',
    headers: { ...allowed, 'content-type': 'application/json' },
    body: JSON.stringify({ ...chatBody, stream }),
  });

test.each([false, true])('20 requests with an expired token, streamed: %s', async (stream) => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => send(stream)));
  for (const reply of replies) {
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain('hello');
  }
  expect(renewals).toBe(1);
  expect(upstream.asked.filter((line) => line === 'c1.new m')).toHaveLength(20);
  expect(harness.pool.log.every((line) => line === 'c1 ok')).toBe(true);
  // The next request has the new token already.
  expect((await send(stream)).status).toBe(200);
  expect(upstream.asked.at(-1)).toBe('c1.new m');
});

test('no new token, or one that is refused as well: the next account answers, and the first pauses', async () => {
  renewal = async () => undefined;
  expect((await send(false)).status).toBe(200);
  expect(upstream.asked).toEqual(['c1 m', 'c2 m']);
  expect(harness.pool.log).toEqual(['c1 upstream_unauthorized', 'c2 ok']);
  renewal = async (old) => ({ ...old, credential: { ...old.credential, secret: 'fake-secret-c1.bad' } });
  upstream.answers['c1.bad'] = refuse(401);
  upstream.asked.length = 0;
  expect((await send(true)).status).toBe(200);
  expect(upstream.asked).toEqual(['c1 m', 'c1.bad m', 'c2 m']);
});

test('every account refused: the client gets the words of the upstream', async () => {
  renewal = async () => undefined;
  upstream.answers['c2'] = refuse(401, 'token expired');
  const reply = await send(false);
  expect(reply.status).toBe(401);
  expect(await reply.json()).toMatchObject({ error: { message: 'token expired' } });
});
