/** What a translation loses is said in a header; strict mode refuses to lose it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, dialects, pairs, readError } from '../faults/dialect-client.ts';
import { type Gateway, startGateway } from '../faults/gateway.ts';
import { upstreamModels } from '../support/proxy-process.ts';
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';

let lenient: Gateway;
let strict: Gateway;
beforeAll(async () => {
  lenient = await startGateway(() => ({ text: 'ok.' }));
  strict = await startGateway(() => ({ text: 'ok.' }), { config: 'strict: true' });
});
afterAll(async () => {
  await lenient.close();
  await strict.close();
});

/** A field that no other dialect has. */
const own: Readonly<Record<UpstreamDialect, readonly [string, Wire]>> = {
  'openai-chat': ['logit_bias', { '50256': -100 }],
  'openai-responses': ['truncation', 'auto'],
  'anthropic-messages': ['container', 'container_fake'],
  gemini: ['safetySettings', [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }]],
};

describe.for(pairs)('%s client, %s upstream', ([client, upstream]) => {
  const model = upstreamModels[upstream];
  const [field, value] = own[client];
  const foreign = client !== upstream;

  test('nothing lost, no header', async () => {
    for (const gateway of [lenient, strict]) {
      for (const stream of [false, true]) {
        const reply = await ask(gateway.origin, client, model, { stream });
        expect([reply.status, reply.headers.get('x-llmproxy-dropped')]).toEqual([200, null]);
        await reply.text();
      }
    }
  });

  test.for([false, true])('a field of its own (stream %s)', async (stream) => {
    const reply = await ask(lenient.origin, client, model, { stream, extra: { [field]: value } });
    expect(reply.status).toBe(200);
    await reply.text();
    if (foreign) expect(reply.headers.get('x-llmproxy-dropped')).toContain(field);
    else {
      expect(reply.headers.get('x-llmproxy-dropped')).toBeNull();
      expect(lenient.upstream.seen.at(-1)?.body[field]).toEqual(value);
    }
  });

  test.for([
    ['configuration', {}],
    ['header', { 'x-llmproxy-strict': '1' }],
  ] as const)('strict by %s: refused before anything is sent', async ([by, headers]) => {
    const gateway = by === 'header' ? lenient : strict;
    const before = gateway.upstream.seen.length;
    const reply = await ask(gateway.origin, client, model, { headers, extra: { [field]: value } });
    if (!foreign) {
      expect(reply.status).toBe(200);
      return;
    }
    expect(reply.status).toBe(400);
    expect(readError(client, await reply.json())).toMatchObject({
      shape: true,
      message: expect.stringContaining(field),
    });
    expect(gateway.upstream.seen).toHaveLength(before);
  });
});

test.for(dialects)('%s: the header lifts a strict configuration', async (client) => {
  const upstream = client === 'gemini' ? 'openai-chat' : 'gemini';
  const [field, value] = own[client];
  const reply = await ask(strict.origin, client, upstreamModels[upstream], {
    headers: { 'x-llmproxy-strict': '0' },
    extra: { [field]: value },
  });
  expect(reply.status).toBe(200);
  expect(reply.headers.get('x-llmproxy-dropped')).toContain(field);
});
