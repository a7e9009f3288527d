import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  chatAnswer,
  claudeEndpoint,
  codecs,
  createHarness,
  type Harness,
  type LocalUpstream,
  startUpstream,
  target,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { gemini } from '../dialects/gemini/index.ts';
import type { ModelCapabilities } from '../models/model-info.ts';

let harness: Harness;
let upstream: LocalUpstream;

beforeEach(async () => {
  upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(chatAnswer));
  });
  harness = createHarness({ codecs });
});

afterEach(async () => {
  await harness.close();
  await upstream.close();
});

const sent = () => JSON.parse(upstream.requests.at(-1)?.body ?? '{}').messages;
const dropped = () => harness.records.at(-1)?.warnings;
const useModel = (capabilities: ModelCapabilities): void => {
  harness.targets = [target(upstream.origin, 'c1', { info: { id: 'm', capabilities } })];
};

const url = 'data:image/png;base64,AAAA';
const picture = { type: 'image_url', image_url: { url } };
const sound = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
const look = { type: 'text', text: 'look' };
const noImage = { type: 'text', text: '[image left out: the model takes none]' };
const noAudio = { type: 'text', text: '[audio left out: the model takes none]' };
const say = (...content: object[]) => ({ model: 'm', messages: [{ role: 'user', content }] });

describe('a model that takes no images', () => {
  test('is told in words where one was, and the client is told too', async () => {
    useModel({ vision: false });
    await harness.ask({}, say(look, picture, sound));
    expect(sent()).toEqual([{ role: 'user', content: [look, noImage, sound] }]);
    expect(dropped()).toEqual([{ path: 'messages[0].content[1]', reason: 'the model takes no image' }]);
  });

  test('gets no image of a tool result either', async () => {
    useModel({ vision: false });
    const source = { type: 'base64', media_type: 'image/png', data: 'AAAA' };
    const image = { type: 'image', source, cache_control: { type: 'ephemeral' } };
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'see', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [look, image] }] },
    ];
    await harness.ask({ codec: anthropicMessages }, { model: 'm', max_tokens: 9, messages });
    expect(sent().slice(2)).toEqual([{ role: 'tool', tool_call_id: 't', content: [look, noImage] }]);
    expect(dropped()?.map(({ path }) => path)).toEqual(['messages[2].content[0].content[1]']);
    harness.targets = [
      target(upstream.origin, 'c1', { manifest: claudeEndpoint, info: { id: 'm', capabilities: { vision: false } } }),
    ];
    await harness.ask({ codec: anthropicMessages }, { model: 'm', max_tokens: 9, messages });
    expect(sent()[2].content[0].content[1]).toEqual({ ...noImage, cache_control: { type: 'ephemeral' } });
  });

  test.each([['inlineData'], ['inline_data']])('gets none of a Gemini client: %s', async (key) => {
    useModel({ vision: false });
    const contents = [{ role: 'user', parts: [{ [key]: { mimeType: 'image/png', data: 'AAAA' } }] }];
    await harness.ask({ codec: gemini, urlModel: 'm', urlStream: false }, { contents });
    expect(sent()).toEqual([{ role: 'user', content: noImage.text }]);
  });

  test('is asked byte for byte what holds none', async () => {
    useModel({ vision: false, audio: false });
    const body = '{ "model":"m", "messages":[{"role":"user","content":"an image"}] }';
    await harness.ask({}, body);
    expect(upstream.requests[0]?.body).toBe(body);
  });

  test('refuses in strict mode', async () => {
    useModel({ vision: false });
    const reply = await harness.ask({ headers: { 'x-llmproxy-strict': '1' } }, say(picture));
    expect(reply.status).toBe(400);
    expect(upstream.requests).toEqual([]);
  });
});

test('a model that takes no sound', async () => {
  useModel({ audio: false });
  await harness.ask({}, say(look, picture, sound));
  expect(sent()).toEqual([{ role: 'user', content: [look, picture, noAudio] }]);
});

test.each([[{}], [{ vision: true, audio: true }]])(
  'a model of which no such thing is known: %j',
  async (capabilities) => {
    useModel(capabilities);
    const body = say(look, picture, sound);
    await harness.ask({}, body);
    expect(upstream.requests[0]?.body).toBe(JSON.stringify(body));
    expect(dropped()).toEqual([]);
  },
);
