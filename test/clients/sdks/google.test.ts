/** The official Google Gen AI SDK, current and previous major, through a real proxy against every upstream dialect. */
import { GoogleGenAI } from '@google/genai';
import { GoogleGenAI as GoogleGenAIPrevious } from 'google-genai-previous';
import { describe, expect, test } from 'vitest';
import { CLIENT_KEY } from '../../support/proxy-process.ts';
import { ANSWER, models, proxyForSdks, WEATHER_SCHEMA } from './sdk-proxy.ts';

const proxy = proxyForSdks();
const options = () => ({ apiKey: CLIENT_KEY, httpOptions: { baseUrl: proxy.origin } });
const majors = [
  ['current', () => new GoogleGenAI(options())],
  ['previous', () => new GoogleGenAIPrevious(options())],
] as const;
const tools = [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: WEATHER_SCHEMA }] }];

describe.for(majors)('@google/genai %s major', ([, create]) => {
  describe.for(models)('model %s', (model) => {
    test('generateContent', async () => {
      const answer = await create().models.generateContent({ model, contents: 'hi' });
      expect(answer.text).toBe(ANSWER);
      expect(answer.candidates?.[0]?.finishReason).toBe('STOP');
      expect(answer.usageMetadata).toMatchObject({
        promptTokenCount: 20,
        cachedContentTokenCount: 5,
        totalTokenCount: 27,
      });
    });

    test('generateContentStream', async () => {
      const stream = await create().models.generateContentStream({ model, contents: 'hi' });
      let text = '';
      let finish: string | undefined;
      for await (const chunk of stream) {
        text += chunk.text ?? '';
        finish = chunk.candidates?.[0]?.finishReason ?? finish;
      }
      expect(text).toBe(ANSWER);
      expect(finish).toBe('STOP');
    });

    test('function call and its response, in a chat', async () => {
      const chat = create().chats.create({ model, config: { tools } });
      const first = await chat.sendMessage({ message: 'WEATHER' });
      const call = first.functionCalls?.[0];
      expect(call).toMatchObject({ name: 'get_weather', args: { city: 'Zürich' } });
      const functionResponse = {
        ...(call?.id === undefined ? {} : { id: call.id }),
        name: 'get_weather',
        response: { output: 'sunny' },
      };
      const second = await chat.sendMessage({ message: [{ functionResponse }] });
      expect(second.text).toBe('The tool said: sunny');
    });

    test('countTokens', async () => {
      const count = await create().models.countTokens({ model, contents: 'one two three four five' });
      expect(count.totalTokens).toBeGreaterThan(0);
    });
  });

  test('model list in the shape of the SDK', async () => {
    const names: (string | undefined)[] = [];
    for await (const model of await create().models.list()) names.push(model.name);
    expect(names).toEqual(expect.arrayContaining(models.map((model) => `models/${model}`)));
  });

  test('an unknown model is a 404 in the shape of the SDK', async () => {
    const unknown = create().models.generateContent({ model: 'up-gemina', contents: 'hi' });
    await expect(unknown).rejects.toMatchObject({ status: 404, message: expect.stringContaining('up-gemini') });
  });
});
