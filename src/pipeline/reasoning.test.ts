import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  chatAnswer,
  chatBody,
  claudeEndpoint,
  createHarness,
  type Harness,
  type LocalUpstream,
  startUpstream,
  target,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import type { ClientCodec } from '../dialects/codec.ts';
import { gemini } from '../dialects/gemini/index.ts';
import type { ModelInfo } from '../models/model-info.ts';

let harness: Harness;
let upstream: LocalUpstream;

beforeEach(async () => {
  harness = createHarness();
  upstream = await startUpstream((request, response) => {
    const body = request.url?.includes('count') ? { input_tokens: 7, totalTokens: 7 } : chatAnswer;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
});

afterEach(async () => {
  await harness.close();
  await upstream.close();
});

const sentText = (): string => upstream.requests.at(-1)?.body ?? '';
const sent = (): unknown => JSON.parse(sentText());
const levels: ModelInfo = { id: 'm', reasoning: { levels: ['low', 'high'] } };
const budgets: ModelInfo = { id: 'm', maxOutputTokens: 64_000, reasoning: { minBudget: 1024, maxBudget: 32_000 } };

/** White space and key order show whether the bytes went through. */
const odd =
  '{ "model":"m",  "reasoning_effort" : "low", "unknown": 1.50, "messages":[{"role":"user","content":"hi"}] }';

describe('a body in the target dialect', () => {
  test('goes through byte by byte when the model takes its settings', async () => {
    harness.targets = [target(upstream.origin, 'c1', { info: levels })];
    const reply = await harness.ask({}, odd);
    expect(reply.status).toBe(200);
    expect(sentText()).toBe(odd);
    expect(reply.headers['x-llmproxy-dropped']).toBeUndefined();
  });

  test('is changed in no other byte by a model name that says how much to reason', async () => {
    harness.targets = [target(upstream.origin, 'c1', { info: levels, reasoning: { effort: 'high' } })];
    await harness.ask({}, odd);
    expect(sentText()).toBe(
      '{"model":"m","reasoning_effort":"high","unknown": 1.50,"messages":[{"role":"user","content":"hi"}]}',
    );
  });

  test('is refused in the client dialect for a level that the model does not have', async () => {
    harness.targets = [target(upstream.origin, 'c1', { info: levels })];
    const reply = await harness.ask({}, { ...chatBody, reasoning_effort: 'medium' });
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({
      error: {
        message: 'reasoning_effort: m has no level "medium"; valid: low, high',
        param: 'reasoning_effort',
        type: 'invalid_request_error',
      },
    });
    expect(upstream.requests).toHaveLength(0);
  });

  test('of a provider with other levels is moved to the nearest, and the client told', async () => {
    harness.targets = [target(upstream.origin, 'c1', { info: levels, manifest: { reasoningFamily: 'other' } })];
    const reply = await harness.ask({}, { ...chatBody, reasoning_effort: 'medium' });
    expect(sent()).toEqual({ ...chatBody, reasoning_effort: 'low' });
    expect(reply.headers['x-llmproxy-dropped']).toBe('reasoning_effort');
    const strict = await harness.ask(
      { headers: { 'x-llmproxy-strict': '1' } },
      { ...chatBody, reasoning_effort: 'max' },
    );
    expect(strict.status).toBe(400);
  });

  test('to a model of the user is left alone, unless the user says what it takes', async () => {
    const listed = (info?: ModelInfo) => ({
      account: { models: [{ name: 'm', ...(info && { info }) }] },
      info: levels,
    });
    harness.targets = [target(upstream.origin, 'c1', listed())];
    await harness.ask({}, { ...chatBody, reasoning_effort: 'medium' });
    expect(sent()).toEqual({ ...chatBody, reasoning_effort: 'medium' });
    harness.targets = [target(upstream.origin, 'c1', listed(levels))];
    expect((await harness.ask({}, { ...chatBody, reasoning_effort: 'medium' })).status).toBe(400);
  });

  test('loses settings that the model does not take, and the client is told', async () => {
    const info: ModelInfo = { id: 'm', capabilities: { reasoning: false } };
    harness.targets = [target(upstream.origin, 'c1', { info })];
    const reply = await harness.ask({}, { ...chatBody, reasoning_effort: 'high' });
    expect(sent()).toEqual(chatBody);
    expect(reply.headers['x-llmproxy-dropped']).toBe('reasoning_effort');
  });

  test('does not get back what the provider rejects', async () => {
    const manifest = { quirks: { rejects: ['reasoning_effort'] } };
    harness.targets = [target(upstream.origin, 'c1', { manifest, info: levels, reasoning: { effort: 'low' } })];
    const reply = await harness.ask({}, { ...chatBody, reasoning_effort: 'high' });
    expect(sent()).toEqual(chatBody);
    expect(reply.headers['x-llmproxy-dropped']).toBe('reasoning_effort');
  });

  test('with words that are not known here is the upstream to judge', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint, info: budgets })];
    const body = { model: 'm', max_tokens: 9, messages: [], thinking: { type: 'later' } };
    await harness.ask({ codec: anthropicMessages }, body);
    expect(sent()).toEqual(body);
  });

  test('with a wrong escape in a setting is refused', async () => {
    harness.targets = [target(upstream.origin, 'c1', { info: levels })];
    const reply = await harness.ask({}, String.raw`{"model":"m","reasoning_effort":"\q","messages":[]}`);
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { code: 'invalid_json', param: 'reasoning_effort' } });
  });
});

describe('a translated body', () => {
  test('gets the nearest, and the client is told in its own words', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint, info: budgets })];
    await harness.ask({}, { ...chatBody, reasoning_effort: 'max' });
    expect(sent()).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 32_000 } });
    expect(harness.records[0]?.warnings).toEqual([
      {
        path: 'reasoning_effort',
        reason: 'max is outside what m takes; 32000 tokens are used (valid: 1024 to 32000 tokens)',
      },
    ]);
  });

  test('names the model when its name is what cannot be carried', async () => {
    harness.targets = [target(upstream.origin, 'c1', { info: levels, reasoning: { budgetTokens: 1_000_000 } })];
    const strict = { 'x-llmproxy-strict': '1' };
    const body = { model: 'm(1000000)', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] };
    const reply = await harness.ask({ codec: anthropicMessages, headers: strict }, body);
    expect(reply.status).toBe(400);
    expect(reply.text()).toContain('model (m(1000000) has no level for 1000000 tokens; high is used');
  });
});

async function dropped(body: object, codec?: ClientCodec): Promise<string[] | undefined> {
  await harness.ask(codec === undefined ? {} : { codec }, body);
  return harness.records.at(-1)?.warnings?.map(({ path }) => path);
}

describe('a level that nobody knows', () => {
  const body = { ...chatBody, reasoning_effort: 'ultra' };

  test('is refused, whether the body goes through or is translated', async () => {
    for (const manifest of [undefined, claudeEndpoint]) {
      harness.targets = [target(upstream.origin, 'c1', { info: levels, ...(manifest && { manifest }) })];
      const reply = await harness.ask({}, body);
      expect([reply.status, upstream.requests]).toEqual([400, []]);
      expect(JSON.parse(reply.text())).toMatchObject({
        error: {
          type: 'invalid_request_error',
          param: 'reasoning_effort',
          message: 'reasoning_effort: there is no level "ultra"; valid: low, high',
        },
      });
    }
  });

  test('is left out, with a mention, for a model that nothing is known of', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint })];
    expect(await dropped(body)).toEqual(['reasoning_effort']);
    expect(sent()).not.toHaveProperty('thinking');
  });
});

describe('a limit that is raised to leave room for thinking is refused in strict mode', () => {
  const strict = { 'x-llmproxy-strict': '1' };
  const raised = 'raised to 5000, so that thinking leaves room for the answer';

  test('in a translated body', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint, info: budgets })];
    const body = { ...chatBody, reasoning: { max_tokens: 4000 }, max_completion_tokens: 1000 };
    expect((await harness.ask({ headers: strict }, body)).text()).toContain(raised);
    expect(upstream.requests).toEqual([]);
    expect(await dropped(body)).toEqual(['max_completion_tokens']);
    expect(sent()).toMatchObject({ max_tokens: 5000, thinking: { budget_tokens: 4000 } });
  });

  test('in one that goes through', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint, info: budgets })];
    const thinking = { type: 'enabled', budget_tokens: 4000 };
    const body = { model: 'm', max_tokens: 1000, thinking, messages: [{ role: 'user', content: 'hi' }] };
    const reply = await harness.ask({ codec: anthropicMessages, headers: strict }, body);
    expect([reply.status, upstream.requests]).toEqual([400, []]);
    expect(reply.text()).toContain(raised);
  });
});

test('the model is named, not the body, where its suffix asks for what a forced tool forbids', async () => {
  const tool = { type: 'function', function: { name: 'f', parameters: { type: 'object' } } };
  const body = { ...chatBody, tools: [tool], tool_choice: 'required' };
  harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint, reasoning: { effort: 'high' } })];
  expect(await dropped(body)).toEqual(['model']);
  harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint })];
  expect(await dropped({ ...body, reasoning_effort: 'high' })).toEqual(['reasoning_effort']);
  harness.targets = [
    target(upstream.origin, 'c1', { manifest: claudeEndpoint, info: budgets, reasoning: { effort: 'high' } }),
  ];
  const claude = {
    model: 'm(high)',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'hi' }],
    tools: [{ name: 'f', input_schema: { type: 'object' } }],
    tool_choice: { type: 'any' },
  };
  expect(await dropped(claude, anthropicMessages)).toEqual(['model']);
});

describe('a token count', () => {
  const counted = { messages: [{ role: 'user', content: 'hi' }] };

  test('understands a model name that says how much to reason', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint, reasoning: { effort: 'high' } })];
    const reply = await harness.ask(
      { codec: anthropicMessages, operation: 'count-tokens' },
      { model: 'm(high)', ...counted },
    );
    expect(reply.json()).toMatchObject({ input_tokens: 7 });
    expect(sent()).toEqual({ model: 'm', ...counted });
  });

  test('is never refused for the settings of the request that it is about', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint, info: budgets })];
    const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];
    const generationConfig = { thinkingConfig: { thinkingBudget: 1_000_000 } };
    const reply = await harness.ask(
      { codec: gemini, operation: 'count-tokens', urlModel: 'm(high)', urlStream: false },
      { generateContentRequest: { model: 'models/m', contents, generationConfig } },
    );
    expect(reply.json()).toEqual({ totalTokens: 7 });
    expect(sent()).toEqual({ model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] });
  });
});
