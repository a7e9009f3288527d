/** The official OpenAI SDK, current and previous major, through a real proxy against every upstream dialect. */
import OpenAI from 'openai';
import OpenAIPrevious from 'openai-previous';
import { describe, expect, test } from 'vitest';
import { CLIENT_KEY } from '../../support/proxy-process.ts';
import { ANSWER, models, proxyForSdks, WEATHER_SCHEMA } from './sdk-proxy.ts';

const proxy = proxyForSdks();
// The previous major has the same shape; its types differ in details that do not matter here.
const majors: readonly (readonly [string, () => OpenAI])[] = [
  ['current', () => new OpenAI({ baseURL: `${proxy.origin}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 })],
  [
    'previous',
    () => new OpenAIPrevious({ baseURL: `${proxy.origin}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 }) as unknown as OpenAI,
  ],
];
const chatTool = { type: 'function', function: { name: 'get_weather', parameters: WEATHER_SCHEMA } } as const;

describe.for(majors)('openai %s major', ([, create]) => {
  describe.for(models)('model %s', (model) => {
    test('chat completion', async () => {
      const answer = await create().chat.completions.create({ model, messages: [{ role: 'user', content: 'hi' }] });
      expect(answer.choices[0]?.message.content).toBe(ANSWER);
      expect(answer.choices[0]?.finish_reason).toBe('stop');
      expect(answer.usage).toMatchObject({ prompt_tokens: 20, completion_tokens: 7, total_tokens: 27 });
      expect(answer.usage?.prompt_tokens_details?.cached_tokens).toBe(5);
    });

    test('chat stream with usage', async () => {
      const stream = await create().chat.completions.create({
        model,
        stream: true,
        stream_options: { include_usage: true },
        messages: [{ role: 'user', content: 'hi' }],
      });
      let text = '';
      let total = 0;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        total = chunk.usage?.total_tokens ?? total;
      }
      expect(text).toBe(ANSWER);
      expect(total).toBe(27);
    });

    test('chat tool call, streamed by the helper of the SDK', async () => {
      const runner = create().chat.completions.stream({
        model,
        messages: [{ role: 'user', content: 'WEATHER' }],
        tools: [chatTool],
      });
      const message = (await runner.finalChatCompletion()).choices[0]?.message;
      const call = message?.tool_calls?.[0];
      expect(call?.type === 'function' && call.function.name).toBe('get_weather');
      expect(JSON.parse((call?.type === 'function' && call.function.arguments) || '')).toEqual({ city: 'Zürich' });
    });

    test('responses', async () => {
      const answer = await create().responses.create({ model, input: 'hi' });
      expect(answer.output_text).toBe(ANSWER);
      expect(answer.status).toBe('completed');
      expect(answer.usage).toMatchObject({ input_tokens: 20, output_tokens: 7 });
    });

    test('responses stream', async () => {
      const stream = await create().responses.create({ model, input: 'hi', stream: true });
      const types: string[] = [];
      let text = '';
      for await (const event of stream) {
        types.push(event.type);
        if (event.type === 'response.output_text.delta') text += event.delta;
      }
      expect(text).toBe(ANSWER);
      expect(types[0]).toBe('response.created');
      expect(types.at(-1)).toBe('response.completed');
    });

    test('responses tool call and its result', async () => {
      const tools = [{ type: 'function', name: 'get_weather', parameters: WEATHER_SCHEMA, strict: false } as const];
      const first = await create().responses.create({ model, input: 'WEATHER', tools });
      const call = first.output.find((item) => item.type === 'function_call');
      expect(call).toMatchObject({ name: 'get_weather', arguments: '{"city":"Zürich"}' });
      if (call === undefined) return;
      const second = await create().responses.create({
        model,
        tools,
        input: [
          { role: 'user', content: 'WEATHER' },
          call,
          { type: 'function_call_output', call_id: call.call_id, output: 'sunny' },
        ],
      });
      expect(second.output_text).toBe('The tool said: sunny');
    });
  });

  test('legacy completion', async () => {
    const answer = await create().completions.create({ model: 'up-claude', prompt: 'hi' });
    expect(answer.choices[0]?.text).toBe(ANSWER);
  });

  test('model list and an unknown model', async () => {
    const list = [];
    for await (const model of create().models.list()) list.push(model.id);
    expect(list).toEqual(expect.arrayContaining([...models]));
    const missing = create().chat.completions.create({
      model: 'up-chart',
      messages: [{ role: 'user', content: 'hi' }],
    });
    await expect(missing).rejects.toMatchObject({ status: 404, message: expect.stringContaining('up-chat') });
  });

  test('wrong key', async () => {
    const client = create().withOptions({ apiKey: 'sk-wrong' });
    await expect(client.models.list()).rejects.toMatchObject({ status: 401 });
  });
});
