/**
 * An upstream that cannot verify a signature of the history: the request is made once more without them, before the
 * client heard anything, and the credential is not to blame.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedUpstream,
  type SeenRequest,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { chatClient } from './clients/chat.ts';
import { geminiClient } from './clients/gemini.ts';
import { messagesClient } from './clients/messages.ts';
import { responsesClient } from './clients/responses.ts';
import { echoClients } from './echo.ts';
import { dialects } from './model.ts';

const SIGNATURE = 'U0lHTkFUVVJFK3JlZnVzZWQ9PQ==';

/** The vendors' own words. */
const refusals: Readonly<Record<UpstreamDialect, Wire>> = {
  'openai-chat': { error: { code: 400, message: 'Corrupted thought signature.', status: 'INVALID_ARGUMENT' } },
  'openai-responses': {
    error: {
      message: 'The encrypted content gAAA...Rg== could not be verified.',
      type: 'invalid_request_error',
      param: null,
      code: 'invalid_encrypted_content',
    },
  },
  'anthropic-messages': {
    type: 'error',
    error: { type: 'invalid_request_error', message: 'messages.1.content.0: Invalid `signature` in `thinking` block' },
  },
  gemini: { error: { code: 400, message: 'Thought signature is not valid.', status: 'INVALID_ARGUMENT' } },
};

const readers = {
  'openai-chat': chatClient,
  'openai-responses': responsesClient,
  'anthropic-messages': messagesClient,
  gemini: geminiClient,
};

let upstream: ScriptedUpstream;
let proxy: TestProxy;
let refuses = (seen: SeenRequest): boolean => JSON.stringify(seen.body).includes(SIGNATURE);

beforeAll(async () => {
  upstream = await startScriptedUpstream((seen, index) => {
    if (index === 0) return signedCall;
    if (!refuses(seen)) return { text: 'Sunny.' };
    return { fault: 'status', status: 400, body: JSON.stringify(refusals[seen.dialect]) };
  });
  proxy = await createTestProxy(fourDialectConfig(upstream.origin));
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

const signedCall = {
  reasoning: 'I need the weather.',
  signature: SIGNATURE,
  toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: { city: 'Bern' } }],
};

/** Both turns; the answer to the second. */
async function secondTurn(
  client: UpstreamDialect,
  target: UpstreamDialect,
  stream: boolean,
  headers: Record<string, string> = {},
): Promise<Response> {
  upstream.seen.length = 0;
  const { path, ...build } = echoClients[client];
  const model = upstreamModels[target];
  const first = await proxy.post(path(model, stream), build.first(model, stream));
  const body = build.second(model, stream, await first.text());
  if (client === 'openai-chat' && stream) body.stream_options = { include_usage: true };
  return proxy.post(path(model, stream), body, headers);
}

describe.for(dialects)('%s client', (client) => {
  describe.for(dialects)('%s upstream', (target) => {
    test.for([false, true])('is asked again without signatures, stream: %s', async (stream) => {
      refuses = (seen) => JSON.stringify(seen.body).includes(SIGNATURE);
      const answer = await secondTurn(client, target, stream);
      const text = await answer.text();
      expect(answer.status, text).toBe(200);
      const reader = readers[client];
      expect((stream ? reader.readStream(text) : reader.readJson(JSON.parse(text))).text).toBe('Sunny.');
      expect(answer.headers.get('x-llmproxy-dropped')).not.toBeNull();
      expect(upstream.seen.map((seen) => JSON.stringify(seen.body).includes(SIGNATURE))).toEqual([false, true, false]);
      // Nothing cools down: the only credential of the model serves at once.
      const { path, first } = echoClients[client];
      const model = upstreamModels[target];
      const next = await proxy.post(path(model, false), first(model, false));
      expect(next.status, await next.text()).toBe(200);
    });

    test('is asked again once only; then the client is told', async () => {
      refuses = (seen) => JSON.stringify(seen.body).includes('call_1');
      const answer = await secondTurn(client, target, false);
      const text = await answer.text();
      expect(answer.status, text).toBe(400);
      expect(text).toMatch(/signature|encrypted content/i);
      expect(upstream.seen).toHaveLength(3);
    });

    test('strict mode wants no second attempt that loses something', async () => {
      refuses = (seen) => JSON.stringify(seen.body).includes(SIGNATURE);
      const answer = await secondTurn(client, target, false, { 'x-llmproxy-strict': '1' });
      const text = await answer.text();
      expect(answer.status, text).toBe(400);
      expect(upstream.seen.length).toBeLessThanOrEqual(2);
    });
  });
});

test('a refusal of something else is passed on as it is', async () => {
  refuses = () => false;
  upstream.seen.length = 0;
  const script = upstream.script;
  const body = { type: 'error', error: { type: 'invalid_request_error', message: 'max_tokens: too large' } };
  upstream.script = (seen, index) =>
    index === 0 ? script(seen, index) : { fault: 'status', status: 400, body: JSON.stringify(body) };
  const answer = await secondTurn('anthropic-messages', 'anthropic-messages', false);
  expect([answer.status, await answer.json()]).toEqual([400, body]);
  expect(upstream.seen).toHaveLength(2);
  upstream.script = script;
});

const stripped = {
  'anthropic-messages': (block: Wire): boolean => !block.type.endsWith('thinking'),
  gemini: (part: Wire): boolean => part.thought !== true,
};
const missing: Readonly<Record<keyof typeof stripped, Wire>> = {
  'anthropic-messages': {
    type: 'error',
    error: {
      type: 'invalid_request_error',
      message: 'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.',
    },
  },
  gemini: {
    error: { code: 400, message: 'Function call is missing a thought_signature in functionCall parts.', status: 'X' },
  },
};

/** The second request of a client that keeps only what is visible, to its own provider. */
async function forgetful(client: keyof typeof stripped): Promise<Wire> {
  upstream.seen.length = 0;
  const { path, first, second } = echoClients[client];
  const model = upstreamModels[client];
  const body = second(model, false, await (await proxy.post(path(model, false), first(model, false))).text());
  for (const turn of body.messages ?? body.contents) {
    const key = turn.parts === undefined ? 'content' : 'parts';
    if (Array.isArray(turn[key])) turn[key] = turn[key].filter(stripped[client]);
    for (const part of turn.parts ?? []) delete part.thoughtSignature;
  }
  const answer = await proxy.post(path(model, false), body);
  expect(answer.status, await answer.text()).toBe(200);
  return upstream.seen.at(-1)?.body;
}

test('a client that strips thinking is not refused in a tool loop: the turn goes on without', async () => {
  const script = upstream.script;
  upstream.script = (seen, index) => {
    if (index === 0) return script(seen, index);
    if (seen.body.thinking?.type !== 'enabled') return { text: 'Sunny.' };
    return { fault: 'status', status: 400, body: JSON.stringify(missing['anthropic-messages']) };
  };
  const sent = await forgetful('anthropic-messages');
  expect(upstream.seen).toHaveLength(3);
  expect(sent.thinking).toBeUndefined();
  upstream.script = script;
});

test('a Gemini client that drops signatures is not refused: the call is sent with Google’s own value for none', async () => {
  const script = upstream.script;
  upstream.script = (seen, index) => {
    if (index === 0) return script(seen, index);
    if (JSON.stringify(seen.body).includes('thoughtSignature')) return { text: 'Sunny.' };
    return { fault: 'status', status: 400, body: JSON.stringify(missing.gemini) };
  };
  const sent = await forgetful('gemini');
  expect(upstream.seen).toHaveLength(3);
  expect(JSON.stringify(sent)).toContain('"thoughtSignature":"skip_thought_signature_validator"');
  upstream.script = script;
});
