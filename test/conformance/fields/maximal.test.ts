/** A request with every top-level field set: the header names what was lost, and strict mode refuses it before it is sent. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../../support/proxy-process.ts';
import {
  type ScriptedUpstream,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../../support/test-proxy.ts';
import { dialects } from '../model.ts';
import { chatBase, chatFields } from './chat.ts';
import { geminiBase, geminiFields } from './gemini.ts';
import { messagesBase, messagesFields } from './messages.ts';
import { type FieldCase, isNamed, withField } from './model.ts';
import { responsesBase, responsesFields } from './responses.ts';

/** State at another provider is always refused, see fields.test.ts; an answer in the background is not here yet. */
const STORED = ['conversation', 'previous_response_id', 'prompt', 'cachedContent', 'background'];

function maximal(base: Wire, fields: readonly FieldCase[]): Wire {
  let body = structuredClone(base);
  const set = new Set(STORED);
  for (const field of fields) {
    if (field.base !== undefined || set.has(field.path) || /[[\]]/.test(field.path)) continue;
    set.add(field.path);
    body = withField(body, field.path, field.value);
  }
  return body;
}

const bodies: Readonly<Record<UpstreamDialect, Wire>> = {
  'openai-chat': maximal(chatBase, chatFields),
  'openai-responses': maximal(responsesBase, responsesFields),
  'anthropic-messages': maximal({ ...messagesBase, max_tokens: 9000 }, messagesFields),
  gemini: maximal(geminiBase, geminiFields),
};
const paths: Readonly<Record<UpstreamDialect, (model: string) => string>> = {
  'openai-chat': () => '/v1/chat/completions',
  'openai-responses': () => '/v1/responses',
  'anthropic-messages': () => '/v1/messages',
  gemini: (model) => `/v1beta/models/${model}:generateContent`,
};
/** What no other dialect has a place for. */
const lostEverywhere: Readonly<Record<UpstreamDialect, readonly string[]>> = {
  'openai-chat': ['logit_bias', 'audio', 'min_p', 'repetition_penalty'],
  'openai-responses': ['context_management', 'max_tool_calls', 'truncation'],
  'anthropic-messages': [
    'container',
    'context_management',
    'mcp_servers',
    'inference_geo',
    'output_config.task_budget',
  ],
  gemini: [
    'safetySettings',
    'generationConfig.speechConfig',
    'generationConfig.imageConfig',
    'toolConfig.retrievalConfig',
  ],
};

let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'ok' }));
  proxy = await createTestProxy(fourDialectConfig(upstream.origin));
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

describe.for(dialects)('%s client', (client) => {
  test.for(dialects.filter((dialect) => dialect !== client))('%s upstream', async (target) => {
    const model = upstreamModels[target];
    const body = { ...bodies[client], model };
    const response = await proxy.post(paths[client](model), body);
    expect(response.status, await response.text()).toBe(200);
    const named = (response.headers.get('x-llmproxy-dropped') ?? '').split(', ').map(decodeURIComponent);
    expect(lostEverywhere[client].filter((path) => !named.some((name) => isNamed(path, name)))).toEqual([]);
    expect(named.filter((name) => !isOfBody(body, name))).toEqual([]);

    upstream.seen.length = 0;
    const strict = await proxy.post(paths[client](model), body, { 'x-llmproxy-strict': '1' });
    const error: Wire = await strict.json();
    expect(strict.status).toBe(400);
    expect(error.error.message).toContain(named[0]);
    expect(upstream.seen).toEqual([]);
  });
});

/** Every name must be a path that the client itself wrote. */
function isOfBody(body: Wire, name: string): boolean {
  let value = body;
  for (const key of name.split(/[.[\]]+/).filter((part) => part !== '')) {
    if (value === null || typeof value !== 'object' || !(key in value)) return false;
    value = value[key];
  }
  return true;
}
