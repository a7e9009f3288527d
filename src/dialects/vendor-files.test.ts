import { expect, test } from 'vitest';
import { anthropicMessages } from './anthropic-messages/index.ts';
import type { EncodeTarget, UpstreamCodec } from './codec.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiResponses } from './openai-responses/index.ts';

const target: EncodeTarget = { model: 'm', stream: false, quirks: {} };
const asked = (file_id: string, type: string) =>
  anthropicMessages.decodeRequest(
    {
      model: 'm',
      max_tokens: 1,
      messages: [
        {
          role: 'user',
          content: [
            { type, source: { type: 'file', file_id } },
            { type: 'text', text: 'hi' },
          ],
        },
      ],
    },
    {},
  );
const write = (codec: UpstreamCodec, file_id: string, type: string) =>
  codec.encodeRequest(asked(file_id, type), target);

test.each([
  [openaiChat, 'document'],
  [openaiResponses, 'document'],
  [openaiResponses, 'image'],
] as const)('no server is asked for a file that another vendor keeps', (codec, type) => {
  const { value, warnings } = write(codec, 'file_011CNha8iCJcU1wXNR6q4V8w', type);
  expect(JSON.stringify(value)).not.toContain('file_011');
  expect(warnings).toEqual([
    { path: 'messages[0].content[0]', reason: 'a file stored at another provider cannot be opened here' },
  ]);
});

test.each([
  [openaiChat, 'document'],
  [openaiResponses, 'image'],
] as const)('a file of its own is sent by its id', (codec, type) => {
  const { value, warnings } = write(codec, 'file-abc', type);
  expect(JSON.stringify(value)).toContain('"file_id":"file-abc"');
  expect(warnings).toEqual([]);
});
