/** What the official SDK's types demand where the hub knows less. */
import { expect, it } from 'vitest';
import { emptyUsage, type GenerationResponse } from '../../ir/index.ts';
import { openaiChat } from './index.ts';

const context = {
  model: 'gpt-x',
  request: { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {} },
  nowS: 7,
  newId: (prefix: string) => `${prefix}new`,
  framing: 'sse',
} as const;

it('generated audio has an id, which has expired, and a transcript', () => {
  const source = { type: 'base64', mediaType: 'audio/wav', data: 'AAAA' } as const;
  const response: GenerationResponse = {
    id: 'r',
    model: 'm',
    candidates: [{ content: [{ type: 'media', kind: 'audio', source }], finishReason: 'stop' }],
    usage: emptyUsage,
    extensions: {},
  };
  expect(openaiChat.encodeResponse(response, context).value['choices']).toStrictEqual([
    {
      index: 0,
      message: {
        role: 'assistant',
        content: null,
        refusal: null,
        audio: { id: 'audio_new', data: 'AAAA', expires_at: 7, transcript: '' },
      },
      logprobs: null,
      finish_reason: 'stop',
    },
  ]);
});
