/** Vercel's AI SDK with each of its providers through a real proxy against every upstream dialect. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount, jsonSchema, streamText, tool } from 'ai';
import { describe, expect, test } from 'vitest';
import { CLIENT_KEY } from '../../support/proxy-process.ts';
import { ANSWER, models, proxyForSdks, WEATHER_SCHEMA } from './sdk-proxy.ts';

const proxy = proxyForSdks();
const apiKey = CLIENT_KEY;
const providers = [
  ['openai responses', (model: string) => createOpenAI({ baseURL: `${proxy.origin}/v1`, apiKey }).responses(model)],
  ['openai chat', (model: string) => createOpenAI({ baseURL: `${proxy.origin}/v1`, apiKey }).chat(model)],
  [
    'openai-compatible',
    (model: string) => createOpenAICompatible({ name: 'gw', baseURL: `${proxy.origin}/v1`, apiKey })(model),
  ],
  ['anthropic', (model: string) => createAnthropic({ baseURL: `${proxy.origin}/v1`, apiKey })(model)],
  ['google', (model: string) => createGoogleGenerativeAI({ baseURL: `${proxy.origin}/v1beta`, apiKey })(model)],
] as const;

describe.for(providers)('ai sdk, %s', ([, create]) => {
  describe.for(models)('model %s', (model) => {
    test('generateText', async () => {
      const { text, finishReason } = await generateText({ model: create(model), prompt: 'hi', maxRetries: 0 });
      expect(text).toBe(ANSWER);
      expect(finishReason).toBe('stop');
    });

    test('streamText runs a tool and streams the answer', async () => {
      let city: unknown;
      const getWeather = tool({
        inputSchema: jsonSchema<{ city: string }>({
          ...WEATHER_SCHEMA,
          type: 'object',
          properties: { city: { type: 'string' } },
        }),
        execute: async (input) => {
          city = input.city;
          return 'sunny';
        },
      });
      const result = streamText({
        model: create(model),
        prompt: 'WEATHER',
        tools: { get_weather: getWeather },
        stopWhen: isStepCount(3),
        maxRetries: 0,
      });
      let text = '';
      for await (const delta of result.textStream) text += delta;
      expect(city).toBe('Zürich');
      expect(text).toContain('The tool said: ');
      expect(text).toContain('sunny');
    });
  });
});
