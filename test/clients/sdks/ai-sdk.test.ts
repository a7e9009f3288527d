/** Vercel's AI SDK, current and previous major, with each of its providers against every upstream dialect. */
import * as anthropicCurrent from '@ai-sdk/anthropic';
import * as googleCurrent from '@ai-sdk/google';
import * as openaiCurrent from '@ai-sdk/openai';
import * as compatibleCurrent from '@ai-sdk/openai-compatible';
import * as aiCurrent from 'ai';
import * as aiPrevious from 'ai-previous';
import * as anthropicPrevious from 'ai-sdk-anthropic-previous';
import * as googlePrevious from 'ai-sdk-google-previous';
import * as compatiblePrevious from 'ai-sdk-openai-compatible-previous';
import * as openaiPrevious from 'ai-sdk-openai-previous';
import { describe, expect, test } from 'vitest';
import { CLIENT_KEY } from '../../support/proxy-process.ts';
import { ANSWER, models, proxyForSdks, WEATHER_SCHEMA } from './sdk-proxy.ts';

const proxy = proxyForSdks();
const apiKey = CLIENT_KEY;

/** One major of the SDK; the previous one has the same calls, its types differ in details that do not matter here. */
interface Major {
  readonly name: string;
  readonly ai: Pick<typeof aiCurrent, 'generateText' | 'streamText' | 'jsonSchema' | 'tool' | 'isStepCount'>;
  readonly openai: typeof openaiCurrent;
  readonly compatible: typeof compatibleCurrent;
  readonly anthropic: typeof anthropicCurrent;
  readonly google: typeof googleCurrent;
}

const majors: readonly Major[] = [
  {
    name: 'current',
    ai: aiCurrent,
    openai: openaiCurrent,
    compatible: compatibleCurrent,
    anthropic: anthropicCurrent,
    google: googleCurrent,
  },
  {
    name: 'previous',
    ai: { ...aiPrevious, isStepCount: aiPrevious.stepCountIs } as unknown as Major['ai'],
    openai: openaiPrevious as unknown as typeof openaiCurrent,
    compatible: compatiblePrevious as unknown as typeof compatibleCurrent,
    anthropic: anthropicPrevious as unknown as typeof anthropicCurrent,
    google: googlePrevious as unknown as typeof googleCurrent,
  },
];

type Model = Parameters<typeof aiCurrent.generateText>[0]['model'];

function providersOf({ openai, compatible, anthropic, google }: Major): [string, (model: string) => Model][] {
  const v1 = () => ({ baseURL: `${proxy.origin}/v1`, apiKey });
  return [
    ['openai responses', (model) => openai.createOpenAI(v1()).responses(model)],
    ['openai chat', (model) => openai.createOpenAI(v1()).chat(model)],
    ['openai-compatible', (model) => compatible.createOpenAICompatible({ name: 'gw', ...v1() })(model)],
    ['anthropic', (model) => anthropic.createAnthropic(v1())(model)],
    ['google', (model) => google.createGoogleGenerativeAI({ baseURL: `${proxy.origin}/v1beta`, apiKey })(model)],
  ];
}

const kits = majors.flatMap((major) =>
  providersOf(major).map(([provider, create]) => ({ title: `${major.name} major, ${provider}`, ai: major.ai, create })),
);

describe.for(kits)('ai sdk, $title', ({ ai, create }) => {
  describe.for(models)('model %s', (model) => {
    test('generateText', async () => {
      const { text, finishReason } = await ai.generateText({ model: create(model), prompt: 'hi', maxRetries: 0 });
      expect(text).toBe(ANSWER);
      expect(finishReason).toBe('stop');
    });

    test('streamText runs a tool and streams the answer', async () => {
      let city: unknown;
      const getWeather = ai.tool({
        inputSchema: ai.jsonSchema<{ city: string }>({
          ...WEATHER_SCHEMA,
          type: 'object',
          properties: { city: { type: 'string' } },
        }),
        execute: async (input) => {
          city = input.city;
          return 'sunny';
        },
      });
      const result = ai.streamText({
        model: create(model),
        prompt: 'WEATHER',
        tools: { get_weather: getWeather },
        stopWhen: ai.isStepCount(3),
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
