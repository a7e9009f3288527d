/** max-tokens-per-request in every dialect, passed through and translated. */
import { afterEach, expect, test } from 'vitest';
import { listen } from '../faults/gateway.ts';
import { CLIENT_KEY, fourDialectConfig } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';

let upstream: ScriptedUpstream;
let gateway: { readonly origin: string; close(): Promise<void> };
afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

const messages = [{ role: 'user', content: 'hi' }];
const thinking = { type: 'enabled', budget_tokens: 5000 };
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];

test.for([
  ['/v1/messages', { model: 'up-claude', max_tokens: 9000, messages }, { max_tokens: 2000 }, 'max_tokens'],
  [
    '/v1/messages',
    { model: 'up-claude', max_tokens: 9000, thinking, messages },
    { max_tokens: 2000 },
    'max_tokens, thinking',
  ],
  [
    '/v1beta/models/up-gemini:generateContent',
    { contents, generationConfig: { temperature: 1, maxOutputTokens: 9000 } },
    { generationConfig: { temperature: 1, maxOutputTokens: 2000 } },
    'generationConfig.maxOutputTokens',
  ],
  ['/v1/chat/completions', { model: 'up-chat', max_tokens: 9000, messages }, { max_tokens: 2000 }, 'max_tokens'],
  [
    '/v1/chat/completions',
    { model: 'up-claude', max_tokens: 9000, messages },
    { max_tokens: 2000 },
    'max_completion_tokens',
  ],
  [
    '/v1/responses',
    { model: 'up-gemini', max_output_tokens: 9000, input: 'hi' },
    { generationConfig: { maxOutputTokens: 2000 } },
    'max_output_tokens',
  ],
] as const)('%s %j', async ([path, body, sent, dropped]) => {
  upstream = await startScriptedUpstream(() => ({ text: 'ok.' }));
  const limits = 'limits: { providers: { default: { max_tokens_per_request: 2000 } } }\n';
  gateway = await listen(limits + fourDialectConfig(upstream.origin));
  const reply = await fetch(gateway.origin + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(200);
  expect(reply.headers.get('x-llmproxy-dropped')).toBe(dropped);
  expect(upstream.seen[0]?.body).toMatchObject(sent);
});
