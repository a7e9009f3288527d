/** The official OpenAI SDK's Responses WebSocket client through a real proxy against every upstream dialect. */
import OpenAI from 'openai';
import type { ResponsesClientEvent, ResponsesServerEvent } from 'openai/resources/responses/responses';
import { ResponsesWS } from 'openai/resources/responses/ws';
import { afterEach, describe, expect, test } from 'vitest';
import { CLIENT_KEY } from '../../support/proxy-process.ts';
import { ANSWER, models, proxyForSdks, WEATHER_SCHEMA } from './sdk-proxy.ts';

const proxy = proxyForSdks();
let socket: ResponsesWS | undefined;

afterEach(() => socket?.close());

function open(): ResponsesWS {
  socket = new ResponsesWS(new OpenAI({ baseURL: `${proxy.origin}/v1`, apiKey: CLIENT_KEY }), {
    perMessageDeflate: true,
  });
  return socket;
}

/** Sends a request and gathers the events of its answer. */
async function ask(client: ResponsesWS, event: Omit<ResponsesClientEvent.ResponseCreate, 'type'>) {
  const events: ResponsesServerEvent[] = [];
  const completed = new Promise<OpenAI.Responses.Response>((done, reject) => {
    client.on('event', (received) => events.push(received));
    client.once('response.completed', ({ response }) => done(response));
    client.once('error', reject);
  });
  client.send({ type: 'response.create', ...event });
  return { response: await completed, events };
}

const tool = {
  type: 'function',
  name: 'get_weather',
  parameters: WEATHER_SCHEMA,
  strict: true,
} as const;

describe.for(models)('model %s', (model) => {
  test('text, in a lane of its own', async () => {
    const { response, events } = await ask(open(), { model, input: 'hi', stream_id: 'main' });
    const item = response.output.find((each) => each.type === 'message');
    expect(item?.content[0]).toMatchObject({ type: 'output_text', text: ANSWER });
    expect(response.usage).toMatchObject({ input_tokens: 20, output_tokens: 7, total_tokens: 27 });
    expect(events.every((event) => event.stream_id === 'main')).toBe(true);
  });

  test('a tool call and its result, which is all that the second request brings', async () => {
    const client = open();
    const first = await ask(client, { model, input: 'WEATHER', tools: [tool], store: false });
    const call = first.response.output.find((each) => each.type === 'function_call');
    expect(call).toMatchObject({ name: 'get_weather', arguments: JSON.stringify({ city: 'Zürich' }) });
    const second = await ask(client, {
      model,
      tools: [tool],
      store: false,
      previous_response_id: first.response.id,
      input: [{ type: 'function_call_output', call_id: call?.call_id ?? '', output: 'sunny' }],
    });
    expect(JSON.stringify(second.response.output)).toContain('The tool said: sunny');
  });
});

test('an unknown model is an error event', async () => {
  const failed = ask(open(), { model: 'gpt-unheard-of', input: 'hi' });
  await expect(failed).rejects.toMatchObject({ error: { status: 404, error: { code: 'model_not_found' } } });
});
