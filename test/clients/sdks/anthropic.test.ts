/** The official Anthropic SDK, current and previous major, through a real proxy against every upstream dialect. */
import Anthropic from '@anthropic-ai/sdk';
import AnthropicPrevious from 'anthropic-sdk-previous';
import { describe, expect, test } from 'vitest';
import { CLIENT_KEY } from '../../support/proxy-process.ts';
import { ANSWER, models, proxyForSdks, WEATHER_SCHEMA } from './sdk-proxy.ts';

const proxy = proxyForSdks();
// The previous major has the same shape; its types differ in details that do not matter here.
const majors: readonly (readonly [string, () => Anthropic])[] = [
  ['current', () => new Anthropic({ baseURL: proxy.origin, apiKey: CLIENT_KEY, maxRetries: 0 })],
  [
    'previous',
    () => new AnthropicPrevious({ baseURL: proxy.origin, apiKey: CLIENT_KEY, maxRetries: 0 }) as unknown as Anthropic,
  ],
];
const tools = [{ name: 'get_weather', input_schema: { ...WEATHER_SCHEMA, type: 'object' as const } }];
const user = (content: string) => [{ role: 'user' as const, content }];

describe.for(majors)('anthropic %s major', ([, create]) => {
  describe.for(models)('model %s', (model) => {
    test('message', async () => {
      const answer = await create().messages.create({ model, max_tokens: 100, messages: user('hi') });
      const text = answer.content.find((block) => block.type === 'text');
      expect(text?.type === 'text' && text.text).toBe(ANSWER);
      expect(answer.stop_reason).toBe('end_turn');
      expect(answer.usage).toMatchObject({ input_tokens: 15, cache_read_input_tokens: 5, output_tokens: 7 });
    });

    test('stream with reasoning', async () => {
      const stream = create().messages.stream({ model, max_tokens: 100, messages: user('hi') });
      const message = await stream.finalMessage();
      expect(message.content.map((block) => block.type)).toEqual(['thinking', 'text']);
      expect(message.content[0]).toMatchObject({ thinking: 'Be polite.' });
      expect(message.content[1]).toMatchObject({ text: ANSWER });
      expect(message.usage.output_tokens).toBe(7);
    });

    test('tool use and its result', async () => {
      const client = create();
      const first = await client.messages
        .stream({ model, max_tokens: 100, tools, messages: user('WEATHER') })
        .finalMessage();
      expect(first.stop_reason).toBe('tool_use');
      const call = first.content.find((block) => block.type === 'tool_use');
      expect(call).toMatchObject({ name: 'get_weather', input: { city: 'Zürich' } });
      if (call?.type !== 'tool_use') return;
      const second = await client.messages.create({
        model,
        max_tokens: 100,
        tools,
        messages: [
          ...user('WEATHER'),
          { role: 'assistant', content: first.content },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'sunny' }] },
        ],
      });
      expect(second.content.at(-1)).toMatchObject({ text: 'The tool said: sunny' });
    });

    test('token counting', async () => {
      const count = await create().messages.countTokens({ model, messages: user('one two three four five') });
      expect(count.input_tokens).toBeGreaterThan(0);
    });
  });

  test('model list in the shape of the SDK', async () => {
    const list = [];
    for await (const model of create().models.list()) list.push(model);
    expect(list.map((model) => model.id)).toEqual(expect.arrayContaining([...models]));
    expect(list[0]).toMatchObject({ type: 'model', display_name: expect.any(String) });
  });

  test('errors in the shape of the SDK', async () => {
    const unknown = create().messages.create({ model: 'up-clause', max_tokens: 1, messages: user('hi') });
    await expect(unknown).rejects.toMatchObject({
      status: 404,
      error: { type: 'error', error: { type: 'not_found_error' } },
    });
    const wrongKey = create().withOptions({ apiKey: 'sk-wrong' }).models.list();
    await expect(wrongKey).rejects.toMatchObject({ status: 401, error: { error: { type: 'authentication_error' } } });
  });
});
