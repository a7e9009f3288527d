import { expect, test } from 'vitest';
import { chatStream, createHarness, startUpstream, target } from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';

const asked = { model: 'm', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'hi' }] };

/** A chat upstream that resets the connection behind these pieces. */
async function cutBehind(
  pieces: readonly string[],
  codec: typeof openaiChat,
): Promise<{ text: string; pool: string[] }> {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(pieces.join(''), () => response.destroy());
  });
  const harness = createHarness();
  harness.targets = [target(upstream.origin)];
  const reply = await harness.ask({ codec }, asked);
  await harness.close();
  await upstream.close();
  return { text: reply.text(), pool: harness.pool.log };
}

test.each([
  ['passed through', openaiChat, 'data: [DONE]\n\n'],
  ['translated', anthropicMessages, 'data: {"type":"message_stop"}\n\n'],
])('a connection that breaks behind a whole stream, %s, harms nobody', async (_, codec, end) => {
  const { text, pool } = await cutBehind(chatStream('hello'), codec);
  expect(text).toContain('hello');
  expect(text.endsWith(end)).toBe(true);
  expect(pool).toEqual(['c1 ok']);
});

test.each([
  ['passed through', openaiChat],
  ['translated', anthropicMessages],
])('one that breaks before the end, %s, is told of', async (_, codec) => {
  const { text, pool } = await cutBehind(chatStream('hello').slice(0, 1), codec);
  expect(text).toContain('hello');
  expect(text).toContain('"error":{');
  expect(pool).toEqual(['c1 upstream_stream_truncated']);
});
