/** The gateway as Google's Code Assist, for Gemini CLI with CODE_ASSIST_ENDPOINT. */
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { allowed, type Door, doorNames, openDoor } from '../../test/support/data-plane.ts';
import type { Exchange, Reply } from '../pipeline/exchange.ts';
import { matchCodeAssist } from './code-assist-path.ts';
import { CodeAssistReply } from './code-assist-reply.ts';

test.each([
  ['/v1internal:generateContent', { type: 'call', action: 'generateContent' }],
  ['/v1internal:streamGenerateContent', { type: 'call', action: 'streamGenerateContent' }],
  ['/v1internal:countTokens', { type: 'call', action: 'countTokens' }],
  ['/v1internal:loadCodeAssist', { type: 'method', method: 'loadCodeAssist' }],
  ['/v1internal/operations/abc', { type: 'method', method: 'operation' }],
  ['/v1internal', undefined],
  ['/v1internal:load/x', undefined],
  ['/v1/models/m:generateContent', undefined],
])('%s asks for %j', (path, expected) => expect(matchCodeAssist(path)).toEqual(expected));

/** A reply that keeps what is written. */
function sheet(): { reply: Reply; text(): string; headers(): Record<string, string> } {
  const written: string[] = [];
  let head: Record<string, string> = {};
  const write = (chunk: Buffer | string = ''): boolean => {
    written.push(chunk.toString());
    return true;
  };
  const reply: Reply = {
    headSent: false,
    closed: false,
    head: (_status, headers) => {
      head = headers;
    },
    write,
    end: (chunk) => void write(chunk),
    destroy: () => void write('(cut)'),
    onDrain: () => {},
    onClose: () => {},
  };
  return { reply, text: () => written.join(''), headers: () => head };
}

function wrapped(stream: boolean, status: number, chunks: readonly string[]): string {
  const { reply, text } = sheet();
  const assist = new CodeAssistReply(reply, stream);
  assist.head(status, {});
  for (const chunk of chunks.slice(0, -1)) assist.write(chunk);
  assist.end(chunks.at(-1));
  return text();
}

describe('the envelope of answers', () => {
  it('is around a whole answer, however it is cut', () => {
    expect(wrapped(false, 200, ['{"a":1}'])).toBe('{"response":{"a":1}}');
    expect(wrapped(false, 200, ['{"a"', ':1}', ''])).toBe('{"response":{"a":1}}');
  });

  it('counts in the length', () => {
    const { reply, headers } = sheet();
    new CodeAssistReply(reply, false).head(200, { 'content-length': '7' });
    expect(headers()).toEqual({ 'content-length': '20' });
  });

  it('is not around errors', () => {
    expect(wrapped(false, 400, ['{"error":{}}'])).toBe('{"error":{}}');
    expect(wrapped(true, 429, ['{"error":', '{}}'])).toBe('{"error":{}}');
    const { reply, headers } = sheet();
    new CodeAssistReply(reply, false).head(400, { 'content-length': '7' });
    expect(headers()).toEqual({ 'content-length': '7' });
  });

  const stream =
    'data: {"a":"é"}\r\n\r\n: ping\n\ndata:{"b":2}\n\nevent: error\ndata: {"error":{"code":500}}\n\ndata: [DONE]\n\n';
  const expected =
    'data: {"response":{"a":"é"}}\r\n\r\n: ping\n\ndata: {"response":{"b":2}}\n\nevent: error\ndata: {"error":{"code":500}}\n\ndata: [DONE]\n\n';
  it('is around the data of events, wherever the stream is cut', () => {
    for (let at = 0; at <= stream.length; at++) {
      expect(wrapped(true, 200, [stream.slice(0, at), stream.slice(at)])).toBe(expected);
    }
  });

  it('is around the data of an event without an end', () => {
    expect(wrapped(true, 200, ['data: {"a"', ':1}'])).toBe('data: {"response":{"a":1}}');
  });
});

describe.each(doorNames)('Code Assist through the %s door', (name) => {
  let door: Door;
  let seen: Exchange | undefined;
  beforeEach(async () => {
    door = await openDoor(name, {
      handle(exchange) {
        seen = exchange;
        exchange.reply.head(200, { 'content-type': 'application/json' });
        exchange.reply.end('{"candidates":[]}');
      },
      listModels: () => [{ id: 'm', provider: 'Test' }],
    });
  });
  afterEach(() => door.server.close(0));
  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = allowed): Promise<Response> =>
    door.send(path, { method: 'POST', body: JSON.stringify(body), headers });

  it('takes the request out of its envelope, and puts the answer into one', async () => {
    const request = { contents: [], session_id: 's-1' };
    const response = await post('/v1internal:generateContent', { model: 'm', project: 'p', request });
    expect(await response.json()).toEqual({ response: { candidates: [] } });
    expect(seen).toMatchObject({ operation: 'generate', urlModel: 'm', urlStream: false, framing: 'sse' });
    expect(seen?.body.toString()).toBe('{"contents":[]}');
    expect(seen?.headers['session-id']).toBe('s-1');
  });

  it('streams', async () => {
    await post('/v1internal:streamGenerateContent?alt=sse', { model: 'm', request: {} });
    expect(seen).toMatchObject({ operation: 'generate', urlStream: true, framing: 'sse' });
  });

  it('counts, without an envelope around the number', async () => {
    const response = await post('/v1internal:countTokens', { request: { model: 'models/m', contents: [] } });
    expect(await response.json()).toEqual({ candidates: [] });
    expect(seen).toMatchObject({ operation: 'count-tokens', urlModel: 'm' });
    expect(seen?.body.toString()).toBe('{"contents":[]}');
  });

  it.each([{}, { model: 'm' }, { model: 'm', request: 1 }, { request: {} }])('refuses %j', async (body) => {
    const response = await post('/v1internal:generateContent', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ dialect: 'gemini', code: 'invalid_request' });
  });

  it('lets the client start', async () => {
    const load = await (await post('/v1internal:loadCodeAssist', {})).json();
    expect(load).toMatchObject({ currentTier: { id: 'standard-tier' }, cloudaicompanionProject: 'llmproxy' });
    const onboard = await (await post('/v1internal:onboardUser', {})).json();
    expect(onboard).toMatchObject({ done: true, response: { cloudaicompanionProject: { id: 'llmproxy' } } });
    const operation = await door.send('/v1internal/operations/llmproxy', { headers: allowed });
    expect(await operation.json()).toEqual(onboard);
    expect(await (await post('/v1internal:fetchAvailableModels', {})).json()).toEqual({
      models: { m: { displayName: 'm' } },
    });
    for (const method of ['retrieveUserQuota', 'listExperiments', 'fetchAdminControls', 'recordCodeAssistMetrics']) {
      expect((await post(`/v1internal:${method}`, {})).status, method).toBe(200);
    }
    const settings = await door.send('/v1internal:getCodeAssistGlobalUserSetting', { headers: allowed });
    expect(await settings.json()).toEqual({ freeTierDataCollectionOptin: false });
  });

  it('knows no other methods', async () => {
    expect((await post('/v1internal:somethingElse', {})).status).toBe(404);
    expect((await door.send('/v1internal:generateContent', { headers: allowed })).status).toBe(405);
  });

  it('is for those who have a key', async () => {
    seen = undefined;
    const google = { authorization: 'Bearer ya29.fake' };
    for (const method of ['generateContent', 'loadCodeAssist']) {
      expect((await post(`/v1internal:${method}`, { model: 'm', request: {} }, google)).status).toBe(401);
    }
    expect(seen).toBeUndefined();
  });
});
