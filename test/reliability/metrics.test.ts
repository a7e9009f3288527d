/** The counts of a gateway, as Prometheus and people with the management key read them. */
import { afterEach, expect, test } from 'vitest';
import { ask } from '../faults/dialect-client.ts';
import { type Gateway, startGateway } from '../faults/gateway.ts';
import { upstreamModels } from '../support/proxy-process.ts';

let gateway: Gateway;
afterEach(() => gateway.close());

const read = (headers: Record<string, string>): Promise<Response> =>
  fetch(`${gateway.origin}/v0/management/metrics`, { headers });

test('requests, tokens and failures are counted; only the management key reads them', async () => {
  gateway = await startGateway(
    (_seen, index) => (index === 1 ? { fault: 'status', status: 500, body: '{}' } : { text: 'ok.' }),
    {
      credentials: 1,
      config: 'request-retry: 0\nremote-management: { secret-key: fake-management-key }',
    },
  );
  const model = upstreamModels['openai-chat'];
  expect((await ask(gateway.origin, 'openai-chat', model)).status).toBe(200);
  expect((await ask(gateway.origin, 'openai-chat', model)).status).toBe(500);
  expect((await read({})).status).toBe(401);

  const key = { authorization: 'Bearer fake-management-key' };
  const reply = await read(key);
  expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await reply.text();
  expect(text).toMatch(/llmproxy_requests_total\{provider="scripted",model="up-chat",credential="scripted:\w+"\} 2\n/);
  expect(text).toMatch(/llmproxy_errors_total\{.*code="upstream_failed"\} 1\n/);
  expect(text).toMatch(/llmproxy_tokens_total\{.*kind="output"\} [1-9]/);

  const json = await (await read({ ...key, accept: 'application/json' })).json();
  expect(json).toMatchObject({ requests: [{ model: 'up-chat', requests: 2 }], servers: [{ isWell: true }] });
});
