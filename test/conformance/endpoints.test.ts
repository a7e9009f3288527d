/** The endpoints beside the matrix, each against all four upstream dialects. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_KEY, fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream, type Wire } from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { dialects, sseEvents } from './model.ts';
import { viewChat } from './upstreams/chat.ts';
import { viewGemini } from './upstreams/gemini.ts';
import { viewMessages } from './upstreams/messages.ts';
import { viewResponses } from './upstreams/responses.ts';

const views = {
  'openai-chat': viewChat,
  'openai-responses': viewResponses,
  'anthropic-messages': viewMessages,
  gemini: viewGemini,
};
const ANSWER = 'Answer with 🙂 and\nlines.';
const hi = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };

let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: ANSWER }));
  proxy = await createTestProxy(fourDialectConfig(upstream.origin));
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

async function post(path: string, body: Wire, headers: Record<string, string> = {}): Promise<Response> {
  upstream.seen.length = 0;
  const response = await proxy.post(path, body, headers);
  expect(response.status, await response.clone().text()).toBe(200);
  return response;
}

const geminiText = (chunks: Wire[]): string =>
  chunks
    .flatMap((chunk) => chunk.candidates[0].content.parts)
    .map((part) => part.text)
    .join('');

describe.for(dialects)('%s upstream', (target) => {
  const model = upstreamModels[target];

  test('legacy completions', async () => {
    const body = { model, prompt: 'Once upon', max_tokens: 9, stop: ['END'] };
    const whole: Wire = await (await post('/v1/completions', body)).json();
    expect(whole).toMatchObject({
      object: 'text_completion',
      model,
      choices: [{ text: ANSWER, index: 0, finish_reason: 'stop' }],
      usage: { prompt_tokens: 20, completion_tokens: 7 },
    });
    const seen = views[target](upstream.seen[0]?.body);
    expect(seen).toMatchObject({ maxTokens: 9, turns: [{ role: 'user', text: 'Once upon' }] });
  });

  test('legacy completions, stream', async () => {
    const events = sseEvents(await (await post('/v1/completions', { model, prompt: 'Once', stream: true })).text());
    expect(events.at(-1)?.data).toBe('[DONE]');
    const chunks: Wire[] = events.slice(0, -1).map(({ data }) => JSON.parse(data));
    expect(chunks.map((chunk) => chunk.choices[0].text).join('')).toBe(ANSWER);
    expect(chunks.at(-1)?.choices[0].finish_reason).toBe('stop');
  });

  test('Gemini stream without alt=sse is one JSON array', async () => {
    const response = await post(`/v1beta/models/${model}:streamGenerateContent`, hi);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const chunks: Wire = await response.json();
    expect(geminiText(chunks)).toBe(ANSWER);
    expect(chunks.at(-1).candidates[0].finishReason).toBe('STOP');
  });

  test.for(['generateContent', 'streamGenerateContent?alt=sse'])('Gemini under /v1/: %s', async (action) => {
    const text = await (await post(`/v1/models/${model}:${action}`, hi)).text();
    const chunks =
      action === 'generateContent' ? [JSON.parse(text)] : sseEvents(text).map(({ data }) => JSON.parse(data));
    expect(geminiText(chunks)).toBe(ANSWER);
  });

  test('Gemini body in snake_case', async () => {
    const body = {
      system_instruction: { parts: [{ text: 'Be brief.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'look' }, { inline_data: { mime_type: 'image/png', data: 'AAAA' } }] },
      ],
      generation_config: { max_output_tokens: 77, stop_sequences: [] },
      tools: [
        {
          function_declarations: [{ name: 'f', parameters: { type: 'OBJECT', properties: { a: { type: 'STRING' } } } }],
        },
      ],
    };
    await post(`/v1beta/models/${model}:generateContent`, body);
    // Gemini itself reads both spellings, and gets the client's bytes.
    if (target === 'gemini') expect(upstream.seen[0]?.body).toEqual(body);
    else
      expect(views[target](upstream.seen[0]?.body)).toMatchObject({
        system: 'Be brief.',
        maxTokens: 77,
        turns: [{ text: 'look', images: ['data:image/png;base64,AAAA'] }],
        tools: [{ name: 'f', properties: ['a'] }],
      });
  });

  test('count_tokens of Claude', async () => {
    const body = { model, messages: [{ role: 'user', content: 'hi there' }] };
    const response = await post('/v1/messages/count_tokens', body);
    const { input_tokens }: Wire = await response.json();
    if (target === 'openai-chat') {
      expect(response.headers.get('x-llmproxy-estimate')).not.toBeNull();
      expect(input_tokens).toBeGreaterThan(0);
    } else expect(input_tokens).toBe(42);
  });

  test('input_tokens of Responses', async () => {
    const response = await post('/v1/responses/input_tokens', { model, instructions: 'Be brief.', input: 'hi there' });
    const { object, input_tokens }: Wire = await response.json();
    expect(object).toBe('response.input_tokens');
    expect(response.headers.get('x-llmproxy-estimate')).toBe(target === 'openai-chat' ? 'tokenizer' : null);
    if (target === 'openai-chat') expect(input_tokens).toBeGreaterThan(4);
    else expect(input_tokens).toBe(42);
  });

  test.for(['/v1beta', '/v1'])('countTokens of Gemini under %s', async (prefix) => {
    const response = await post(`${prefix}/models/${model}:countTokens`, hi);
    const { totalTokens }: Wire = await response.json();
    if (target === 'openai-chat') {
      expect(response.headers.get('x-llmproxy-estimate')).not.toBeNull();
      expect(totalTokens).toBeGreaterThan(0);
    } else expect(totalTokens).toBe(42);
  });
});

describe.for(dialects.filter((dialect) => dialect !== 'openai-chat'))('%s upstream, Chat client', (target) => {
  test.for([false, true])('a usage chunk only when asked for: %s', async (asked) => {
    const body = {
      model: upstreamModels[target],
      stream: true,
      messages: [{ role: 'user', content: 'hi' }],
      ...(asked ? { stream_options: { include_usage: true } } : {}),
    };
    const events = sseEvents(await (await post('/v1/chat/completions', body)).text());
    const chunks: Wire[] = events.slice(0, -1).map(({ data }) => JSON.parse(data));
    expect(chunks.filter((chunk) => chunk.choices.length === 0)).toHaveLength(asked ? 1 : 0);
    expect(chunks.filter((chunk) => chunk.usage)).toHaveLength(asked ? 1 : 0);
  });
});

describe('models lists', () => {
  const list = async (path: string, headers: Record<string, string>): Promise<Wire> => {
    const response = await proxy.fetch(new Request(`http://localhost${path}`, { headers }));
    expect(response.status).toBe(200);
    return response.json();
  };
  const ids = Object.values(upstreamModels);

  test('OpenAI shape by default', async () => {
    const body = await list('/v1/models', { authorization: `Bearer ${CLIENT_KEY}` });
    expect(body.object).toBe('list');
    expect(body.data.map((model: Wire) => model.id)).toEqual(expect.arrayContaining(ids));
    expect(body.data[0]).toMatchObject({ object: 'model', created: expect.any(Number), owned_by: expect.any(String) });
  });

  test('Claude shape with anthropic-version', async () => {
    const body = await list('/v1/models', { 'x-api-key': CLIENT_KEY, 'anthropic-version': '2023-06-01' });
    expect(body).toMatchObject({ has_more: false, first_id: expect.any(String), last_id: expect.any(String) });
    expect(body.data[0]).toMatchObject({
      type: 'model',
      display_name: expect.any(String),
      created_at: expect.any(String),
    });
  });

  test.for(['/v1/models', '/v1beta/models'])('Gemini shape with x-goog-api-key at %s', async (path) => {
    const body = await list(path, { 'x-goog-api-key': CLIENT_KEY });
    expect(body.models.map((model: Wire) => model.name)).toEqual(
      expect.arrayContaining(ids.map((id) => `models/${id}`)),
    );
    expect(body.models[0].supportedGenerationMethods).toContain('generateContent');
  });

  test('one model in each shape', async () => {
    const chat = await list('/v1/models/up-chat', { authorization: `Bearer ${CLIENT_KEY}` });
    expect(chat).toMatchObject({ id: 'up-chat', object: 'model' });
    const claude = await list('/v1/models/up-chat', { 'x-api-key': CLIENT_KEY, 'anthropic-version': '2023-06-01' });
    expect(claude).toMatchObject({ id: 'up-chat', type: 'model' });
    expect(await list('/v1beta/models/up-chat', { 'x-goog-api-key': CLIENT_KEY })).toMatchObject({
      name: 'models/up-chat',
    });
  });
});
