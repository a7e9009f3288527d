/** Requests for what nobody can serve just now, or at all, while another model could answer. */
import { afterEach, expect, test } from 'vitest';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import type { Wire } from '../support/scripted-upstream/index.ts';
import { ask, dialects } from './dialect-client.ts';
import { eventually, type Gateway, startGateway } from './gateway.ts';

const config = `request-retry: 0
responses-store: { file: "" }
fallbacks: [{ model: nobody-has-it, to: up-chat }]`;

let gateway: Gateway;
afterEach(() => gateway.close());

const headers = { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' };

test('a background response of a model that nobody serves is made by its fallback', async () => {
  gateway = await startGateway(() => ({ text: 'ok.' }), { config });
  const extra = { background: true };
  const begun: Wire = await (await ask(gateway.origin, 'openai-responses', 'nobody-has-it', { extra })).json();
  expect(begun).toMatchObject({ status: 'queued', background: true });
  let found: Wire;
  await eventually(() => gateway.upstream.seen.length === 1, 5000);
  do found = await (await fetch(`${gateway.origin}/v1/responses/${begun.id}`, { headers })).json();
  while (found.status === 'in_progress' || found.status === 'queued');
  expect(found).toMatchObject({ status: 'completed', background: true });
  const refused = await ask(gateway.origin, 'openai-responses', 'without-fallback', { extra });
  expect(refused.status).toBe(404);
});

test('conversations with such a model are summed up by its fallback', async () => {
  gateway = await startGateway(() => ({ text: 'ok.' }), { config });
  const trigger = { input: [{ role: 'user', content: 'hi' }, { type: 'compaction_trigger' }] };
  const inline = await ask(gateway.origin, 'openai-responses', 'nobody-has-it', { extra: trigger });
  expect(await inline.json()).toMatchObject({ status: 'completed', output: [{ type: 'compaction' }] });
  for (const [model, status] of [
    ['nobody-has-it', 200],
    ['without-fallback', 404],
  ] as const) {
    const body = JSON.stringify({ model, input: 'hi' });
    const reply = await fetch(`${gateway.origin}/v1/responses/compact`, { method: 'POST', headers, body });
    expect(reply.status).toBe(status);
  }
});

test.for(dialects)('%s: auto passes over a model whose keys are paused', async (dialect) => {
  let first = '';
  gateway = await startGateway(
    ({ model }) => {
      first ||= model;
      if (model !== first) return { text: 'ok.' };
      return { fault: 'status', status: 429, headers: { 'retry-after': '60' }, body: '{"error":{"message":"no"}}' };
    },
    { config },
  );
  expect((await ask(gateway.origin, dialect, 'auto')).status).toBe(429);
  for (const stream of [false, true]) {
    const reply = await ask(gateway.origin, dialect, 'auto', { stream });
    expect(reply.status).toBe(200);
    await reply.text();
  }
});
