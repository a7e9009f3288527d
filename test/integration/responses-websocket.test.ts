/** The Responses WebSocket against upstreams that speak HTTP only, over real sockets. */
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, type Gateway, listen, startGateway } from '../faults/gateway.ts';
import { CLIENT_KEY, upstreamModels } from '../support/proxy-process.ts';
import type { Script } from '../support/scripted-upstream/index.ts';
import { connectWs, textOf, type WsClient } from '../support/ws-client.ts';

let gateway: Gateway;
let client: WsClient;

afterEach(async () => {
  client?.socket.terminate();
  await gateway?.close();
});

const hello: Script = (seen) =>
  seen.toolResult === undefined && seen.userText.includes('TOOL')
    ? { toolCalls: [{ name: 'look', arguments: { at: 'x' }, id: 'call_1' }] }
    : { text: `heard: ${seen.userText}` };

async function open(script: Script = hello, config?: string): Promise<void> {
  gateway = await startGateway(script, config === undefined ? {} : { config });
  client = await connectWs(`${gateway.origin}/v1/responses`, CLIENT_KEY);
}

const user = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const create = (model: string, input: unknown, more: object = {}) => ({
  type: 'response.create',
  model,
  store: false,
  input,
  ...more,
});
const lookTool = { type: 'function', name: 'look', parameters: { type: 'object', properties: {} } };

describe.each(Object.entries(upstreamModels))('upstream %s', (dialect, model) => {
  it('answers with one frame per event and continues from deltas', async () => {
    await open();
    client.send(create(model, [user('TOOL please')], { tools: [lookTool] }));
    const first = await client.answer();
    expect(first[0].type).toBe('response.created');
    expect(first.map((frame) => frame.sequence_number)).toEqual(first.map((_, index) => index));
    const done = first.at(-1);
    expect(done.type).toBe('response.completed');
    client.send(
      create(model, [{ type: 'function_call_output', call_id: 'call_1', output: 'seen it' }], {
        tools: [lookTool],
        previous_response_id: done.response.id,
      }),
    );
    const second = await client.answer();
    expect(second.at(-1).type).toBe('response.completed');
    const turn = gateway.upstream.seen[1];
    expect(turn?.dialect).toBe(dialect);
    expect(turn?.toolResult).toContain('seen it');
    expect(JSON.stringify(turn?.body)).toContain('TOOL please');
    expect(turn?.body).not.toHaveProperty('previous_response_id');
    expect(turn?.body).not.toHaveProperty('generate');
    expect(turn?.body).not.toHaveProperty('type');
  });

  it('answers a warm-up itself and continues from it', async () => {
    await open();
    client.send(create(model, [{ ...user('be brief'), role: 'developer' }], { generate: false }));
    const warm = await client.answer();
    expect(warm.map((frame) => frame.type).filter((type) => type !== 'response.in_progress')).toEqual([
      'response.created',
      'response.completed',
    ]);
    expect(warm.at(-1).response.output).toEqual([]);
    expect(warm.at(-1).response.usage).toMatchObject({ input_tokens: 0, output_tokens: 0, total_tokens: 0 });
    expect(gateway.upstream.seen).toHaveLength(0);
    client.send(create(model, [user('hi')], { previous_response_id: warm.at(-1).response.id }));
    expect(textOf(await client.answer())).toBe('heard: hi');
    expect(JSON.stringify(gateway.upstream.seen[0]?.body)).toContain('be brief');
  });

  it('tells of a broken stream and goes on', async () => {
    let calls = 0;
    await open(() =>
      calls++ === 0
        ? { fault: 'truncate', after: 8, answer: { text: 'one two three four five six seven eight', slow: true } }
        : { text: 'ok' },
    );
    client.send(create(model, [user('hi')]));
    const broken = await client.answer();
    expect(broken.at(-1).type).toBe('response.failed');
    client.send(create(model, [user('again')]));
    const next = await client.answer();
    // One frame told of the failure: this answer's first is the next.
    expect(next[0].type).toBe('response.created');
    expect(textOf(next)).toBe('ok');
  });
});

describe('the handshake', () => {
  it.each([undefined, 'sk-wrong'])('is refused with 401 for key %s', async (key) => {
    gateway = await startGateway(hello);
    await expect(connectWs(`${gateway.origin}/v1/responses`, key)).rejects.toMatchObject({
      status: 401,
      body: expect.stringContaining('invalid_api_key'),
    });
  });

  it('is refused for web pages from elsewhere when nobody has to identify', async () => {
    const open = await listen('host: 127.0.0.1\nport: 0\nlog-level: silent\n');
    try {
      const headers = { origin: 'https://evil.example' };
      const refused = connectWs(`${open.origin}/v1/responses`, undefined, { headers });
      await expect(refused).rejects.toMatchObject({ status: 403 });
      client = await connectWs(`${open.origin}/v1/responses`, undefined);
    } finally {
      client.socket.terminate();
      await open.close();
    }
  });

  it.each(['/v1/responses', '/responses', '/backend-api/codex/responses', '/v1/responses?x=1'])(
    'works at %s',
    async (path) => {
      gateway = await startGateway(hello);
      client = await connectWs(gateway.origin + path, CLIENT_KEY, { headers: { 'x-codex-turn-state': 'abc' } });
      client.send(create('up-chat', 'hi'));
      expect(textOf(await client.answer())).toBe('heard: hi');
      expect(client.headers['x-codex-turn-state']).toBe('abc');
      expect(client.headers['sec-websocket-extensions']).toContain('permessage-deflate');
    },
  );

  it('leaves other paths and other protocols to HTTP', async () => {
    gateway = await startGateway(hello);
    await expect(connectWs(`${gateway.origin}/v1/chat/completions`, CLIENT_KEY)).rejects.toMatchObject({ status: 405 });
    await expect(connectWs(`${gateway.origin}/nowhere`, CLIENT_KEY)).rejects.toMatchObject({ status: 404 });
    expect((await fetch(`${gateway.origin}/v1/responses`)).status).toBe(405);
    const status = await new Promise((done) => {
      const headers = {
        authorization: `Bearer ${CLIENT_KEY}`,
        'content-type': 'application/json',
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: 'h2c',
      };
      request(`${gateway.origin}/v1/responses`, { method: 'POST', headers }, (response) => {
        response.resume();
        done(response.statusCode);
      }).end(JSON.stringify({ model: 'up-chat', input: 'hi' }));
    });
    expect(status).toBe(200);
  });
});

describe('a request that cannot be served', () => {
  it.each([
    [
      'a response nobody knows',
      create('up-chat', [], { previous_response_id: 'resp_gone' }),
      400,
      'previous_response_not_found',
    ],
    ['a model nobody serves', create('gpt-unheard-of', 'hi'), 404, 'model_not_found'],
    [
      'a warm-up for a model nobody serves',
      create('gpt-unheard-of', 'hi', { generate: false }),
      404,
      'model_not_found',
    ],
    ['no model', { type: 'response.create', input: 'hi' }, 400, 'invalid_request_error'],
    ['another type', { type: 'session.update' }, 400, 'invalid_request_error'],
    ['no JSON', 'hello', 400, 'invalid_request_error'],
    ['input of the wrong type', create('up-chat', 5), 400, 'invalid_request_error'],
    ['an item of the wrong type', create('up-chat', ['text']), 400, 'invalid_request_error'],
    ['append without input', { type: 'response.append' }, 400, 'invalid_request_error'],
    ['bytes', Buffer.from('{"type":"response.create"}'), 400, 'invalid_request_error'],
    ['a lane that is no text', create('up-chat', 'hi', { stream_id: 5 }), 400, 'invalid_request_error'],
  ])('%s is an error frame, and the connection stays', async (_name, frame, status, code) => {
    await open();
    client.send(frame);
    const error = await client.next();
    expect(error).toMatchObject({ type: 'error', status, error: { code, message: expect.any(String) } });
    client.send(create('up-chat', 'hi'));
    expect(textOf(await client.answer())).toBe('heard: hi');
  });

  it('tells of an upstream’s refusal with its status and headers', async () => {
    const body = JSON.stringify({
      error: { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    });
    await open(() => ({ fault: 'status', status: 429, headers: { 'retry-after': '7' }, body }));
    client.send(create('up-responses', 'hi'));
    expect(await client.next()).toMatchObject({
      type: 'error',
      status: 429,
      error: { code: 'rate_limit_exceeded', message: 'slow down' },
      headers: { 'retry-after': '7' },
    });
  });

  it('closes with 1009 when a frame is over the body limit', async () => {
    await open(hello, 'body-limit-mb: 1');
    client.send(create('up-chat', 'x'.repeat(1024 * 1024)));
    expect((await client.closed).code).toBe(1009);
  });

  it('closes with 1009 when the history makes a request too big', async () => {
    await open(() => ({ text: 'much' }), 'body-limit-mb: 1');
    client.send(create('up-chat', [user('x'.repeat(600_000))]));
    const done = (await client.answer()).at(-1);
    client.send(create('up-chat', [user('y'.repeat(600_000))], { previous_response_id: done.response.id }));
    expect(await client.next()).toMatchObject({ type: 'error', status: 413 });
    expect((await client.closed).code).toBe(1009);
  });
});

describe('the connection’s memory', () => {
  it('lets append go on from what came last, with its settings', async () => {
    await open();
    client.send(create('up-chat', [user('first')], { instructions: 'be brief' }));
    await client.answer();
    client.send({ type: 'response.append', input: [user('second')] });
    expect(textOf(await client.answer())).toBe('heard: second');
    const sent = JSON.stringify(gateway.upstream.seen[1]?.body);
    expect(sent).toContain('first');
    expect(sent).toContain('heard: first');
    expect(sent).toContain('be brief');
  });

  it('starts anew with a request that names no response', async () => {
    await open();
    client.send(create('up-chat', [user('first')]));
    await client.answer();
    client.send(create('up-chat', [user('second')]));
    await client.answer();
    expect(JSON.stringify(gateway.upstream.seen[1]?.body)).not.toContain('first');
  });

  it('takes outputs of the last response for a continuation even without its id', async () => {
    await open();
    client.send(create('up-chat', [user('TOOL')], { tools: [lookTool] }));
    await client.answer();
    const output = { type: 'function_call_output', call_id: 'call_1', output: 'found' };
    client.send(create('up-chat', [output], { tools: [lookTool], previous_response_id: null }));
    expect((await client.answer()).at(-1).type).toBe('response.completed');
    const turn = gateway.upstream.seen[1];
    expect(turn?.toolResult).toContain('found');
    expect(JSON.stringify(turn?.body)).toContain('TOOL');
  });

  it('leaves out outputs whose call nobody knows', async () => {
    await open();
    client.send(create('up-chat', [user('hi'), { type: 'function_call_output', call_id: 'call_x', output: 'lost' }]));
    expect((await client.answer()).at(-1).type).toBe('response.completed');
    expect(JSON.stringify(gateway.upstream.seen[0]?.body)).not.toContain('lost');
  });
});

describe('one connection, several requests', () => {
  it('refuses a second one while the first runs', async () => {
    await open(() => ({ text: 'a long answer', paceMs: 30 }));
    client.send(create('up-chat', 'one'));
    client.send(create('up-chat', 'two'));
    const frames = await client.answer();
    expect(frames.at(-1)).toMatchObject({
      type: 'error',
      status: 400,
      error: { code: 'response_already_in_progress' },
    });
    expect((await client.answer()).at(-1).type).toBe('response.completed');
    expect(gateway.upstream.seen).toHaveLength(1);
  });

  it('runs lanes side by side and each lane in order, and names the lane in every frame', async () => {
    await open((seen) => ({ text: `heard: ${seen.userText}`, paceMs: seen.userText === 'slow' ? 40 : 0 }));
    client.send(create('up-chat', 'slow', { stream_id: 'a' }));
    client.send(create('up-chat', 'after slow', { stream_id: 'a' }));
    client.send(create('up-chat', 'fast', { stream_id: 'b' }));
    const ended: string[] = [];
    while (ended.length < 3) {
      const frame = await client.next();
      expect(['a', 'b']).toContain(frame.stream_id);
      if (frame.type === 'response.completed') ended.push(frame.response.output[0].content[0].text);
    }
    expect(ended).toEqual(['heard: fast', 'heard: slow', 'heard: after slow']);
    expect(gateway.upstream.seen[0]?.body).not.toHaveProperty('stream_id');
    client.send(create('gpt-unheard-of', 'x', { stream_id: 'c' }));
    expect(await client.next()).toMatchObject({ type: 'error', status: 404, stream_id: 'c' });
  });

  it('refuses to steer in the words of the protocol', async () => {
    await open();
    client.send({ type: 'response.steer', previous_response_id: 'resp_1', input: 'left' });
    expect(await client.next()).toMatchObject({
      type: 'response.steer.failed',
      error: { code: 'steering_not_supported', type: 'invalid_request_error' },
      steer: { previous_response_id: 'resp_1', input: 'left' },
    });
  });
});

describe('the end', () => {
  it('reaches the upstream when the client leaves', async () => {
    await open(() => ({ fault: 'stall', after: 2, answer: { text: 'one two three' } }));
    client.send(create('up-chat', 'hi'));
    await client.next();
    client.socket.terminate();
    await eventually(() => gateway.upstream.seen[0]?.aborted === true, 2000);
  });

  it('closes an idle connection with 1001 at shutdown', async () => {
    await open();
    const closing = gateway.close();
    expect((await client.closed).code).toBe(1001);
    await closing;
  });

  it('lets an answer end before it closes, and takes no new request', async () => {
    await open(() => ({ text: 'a long answer', paceMs: 40 }));
    client.send(create('up-chat', 'hi'));
    await client.next();
    const closing = gateway.close();
    client.send(create('up-chat', 'more', { stream_id: 'a' }));
    const frames = [...(await client.answer()), ...(await client.answer())];
    expect(frames.find((frame) => frame.type === 'error')).toMatchObject({ status: 503, stream_id: 'a' });
    expect(frames.at(-1).type).toBe('response.completed');
    expect((await client.closed).code).toBe(1001);
    await closing;
  });

  it('cuts an answer that does not end in time with 1012', async () => {
    await open(() => ({ fault: 'stall', after: 2, answer: { text: 'one two three' } }));
    client.send(create('up-chat', 'hi'));
    await client.next();
    const closing = gateway.close();
    expect((await client.closed).code).toBe(1012);
    await closing;
  });
});
