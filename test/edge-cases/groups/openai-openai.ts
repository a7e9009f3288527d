import { expect } from 'vitest';
import { chunk, usageChunk } from '../chat-upstream.ts';
import type { Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { stream } from '../through.ts';
import { chatToResponses } from './openai-responses-answer.ts';
import { responsesToChat } from './openai-responses-request.ts';

/** Clients of the Responses API of an upstream of Chat Completions. */
export const openaiResponsesPair: Group = {
  group: 'openai/openai/responses',
  entries: [...responsesToChat, ...chatToResponses],
};

/** Chat Completions on both sides: bytes go through. */
export const openaiChatPair: Group = {
  group: 'openai/openai/chat-completions',
  entries: [
    { names: ['ConvertOpenAIRequestToOpenAIReusesMatchingModelPayload'], because: reasons.goInternal },
    {
      names: ['ConvertOpenAIRequestToOpenAIUpdatesDifferentModel'],
      test: 'src/pipeline/passthrough.test.ts > only the model is spliced when the upstream knows it by another name',
    },
    {
      names: ['ConvertOpenAIResponseToOpenAIDropsChunksAfterDone'],
      note: 'Of a stream that is translated or rewritten; bytes that go through as they are may have more, which SDKs do not read.',
      run() {
        const late = [chunk({ content: 'late' }), usageChunk, '[DONE]'];
        const events = stream('openai-chat', 'openai-chat', [
          chunk({ content: 'hi' }),
          chunk({}, 'stop'),
          '[DONE]',
          ...late,
        ]);
        expect(events.map(({ data }) => data.choices?.[0]?.delta.content ?? data)).toEqual([
          '',
          'hi',
          expect.objectContaining({ choices: [expect.objectContaining({ finish_reason: 'stop' })] }),
          '[DONE]',
        ]);
      },
    },
    {
      names: ['ConvertOpenAIResponseToOpenAIPassthroughWithoutDone'],
      run() {
        const events = stream('openai-chat', 'openai-chat', [chunk({ content: 'hi' }), chunk({}, 'stop')]);
        expect(events.at(-1)?.data).toBe('[DONE]');
        expect(events.at(-2)?.data.choices[0].finish_reason).toBe('stop');
      },
    },
  ],
};
