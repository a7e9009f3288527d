import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../dialects/openai-responses/index.ts';
import { type AnswerEnd, type FrameSink, SocketReply } from './socket-reply.ts';

const stream = { 'content-type': 'text/event-stream' };
const created = '{"type":"response.created","response":{"id":"resp_1","output":[]}}';
const item = { type: 'message', id: 'msg_1' };
const itemDone = JSON.stringify({ type: 'response.output_item.done', item });

interface Run {
  readonly frames: string[];
  readonly ends: AnswerEnd[];
  readonly reply: SocketReply;
  readonly sink: { closed: boolean; free: boolean; drained: (() => void)[] };
}

function run(streamId?: string): Run {
  const frames: string[] = [];
  const ends: AnswerEnd[] = [];
  const state = { closed: false, free: true, drained: [] as (() => void)[] };
  const sink: FrameSink = {
    get closed() {
      return state.closed;
    },
    send(frame) {
      frames.push(frame);
      return state.free;
    },
    together: (work) => work(),
    onceDrained: (listener) => void state.drained.push(listener),
  };
  return {
    frames,
    ends,
    sink: state,
    reply: new SocketReply(openaiResponses, sink, streamId, (end) => ends.push(end)),
  };
}

describe('SocketReply', () => {
  it('sends one frame per event and reports the answer', () => {
    const { reply, frames, ends } = run();
    const completed = '{"type":"response.completed","response":{"id":"resp_1","output":[]}}';
    reply.head(200, stream);
    reply.write(`event: response.created\ndata: ${created}\n\n: ping\n\ndata: ${itemDone.slice(0, 9)}`);
    reply.write(Buffer.from(`${itemDone.slice(9)}\n\n`));
    reply.end(`data: ${completed}\n\ndata: [DONE]\n\n`);
    reply.end();
    expect(frames).toEqual([created, itemDone, completed]);
    expect(ends).toEqual([{ responseId: 'resp_1', output: [item], usable: true, status: 200 }]);
  });

  it('names the lane in every frame', () => {
    const { reply, frames } = run('a"b');
    reply.head(200, stream);
    reply.end(`data: ${created}\n\ndata: {}\n\ndata: {"type":"response.incomplete"} \n\n`);
    expect(frames.map((frame) => JSON.parse(frame).stream_id)).toEqual(['a"b', 'a"b', 'a"b']);
  });

  it.each(['end', 'destroy'] as const)('tells of an answer that was cut: %s', (how) => {
    const { reply, frames, ends } = run();
    reply.head(200, stream);
    reply.write(`data: ${created}\n\n`);
    reply[how]();
    expect(JSON.parse(frames[1] ?? '')).toEqual({
      type: 'error',
      status: 502,
      error: { type: 'server_error', code: 'server_error', message: 'stream closed before response.completed' },
    });
    expect(ends).toEqual([{ responseId: 'resp_1', output: [], usable: false, status: 200 }]);
  });

  it.each(['response.failed', 'error'])('takes %s for an end that cannot be continued', (type) => {
    const { reply, frames, ends } = run();
    reply.head(200, stream);
    reply.end(`data: ${JSON.stringify({ type })}\n\n`);
    expect(frames).toHaveLength(1);
    expect(ends[0]?.usable).toBe(false);
  });

  it.each([
    [{ code: 'rate_limit_exceeded', message: 'slow down' }, 429, 'rate_limit_error', 'rate_limit_exceeded'],
    [{ code: 'server_error', message: 'boom', param: null }, 502, 'server_error', 'server_error'],
    [{ message: 'boom' }, 502, 'server_error', 'server_error'],
  ])('gives the error %j of a stream its status', (error, status, type, code) => {
    const { reply, frames, ends } = run();
    reply.head(200, stream);
    reply.end(`data: ${created}\n\ndata: ${JSON.stringify({ type: 'error', sequence_number: 4, ...error })}\n\n`);
    expect(frames.map((frame) => JSON.parse(frame))).toEqual([
      JSON.parse(created),
      { type: 'error', status, error: { message: error.message, type, param: null, code } },
    ]);
    expect(ends).toEqual([{ responseId: 'resp_1', output: [], usable: false, status: 200 }]);
  });

  it('says once that a response failed', () => {
    const { reply, frames, ends } = run();
    const failed =
      '{"type":"response.failed","response":{"id":"resp_1","error":{"code":"server_error","message":"x"}}}';
    reply.head(200, stream);
    reply.end(`data: ${created}\n\ndata: {"type":"error","code":"server_error","message":"x"}\n\ndata: ${failed}\n\n`);
    expect(frames).toEqual([created, failed]);
    expect(ends[0]?.usable).toBe(false);
  });

  it('makes an error answer an error frame with its headers', () => {
    const { reply, frames, ends } = run();
    reply.head(429, { 'content-type': 'application/json', 'content-length': '9', 'retry-after': '7' });
    reply.end('{"error":{"code":"c"}}');
    expect(JSON.parse(frames[0] ?? '')).toEqual({
      type: 'error',
      status: 429,
      error: { code: 'c' },
      headers: { 'retry-after': '7' },
    });
    expect(ends[0]).toMatchObject({ usable: false, status: 429 });
  });

  it.each(['<html>', '[]'])('makes an error of the answer %s', (body) => {
    const { reply, frames } = run('a');
    reply.head(500, {});
    reply.end(body);
    expect(JSON.parse(frames[0] ?? '')).toEqual({
      type: 'error',
      status: 500,
      error: { type: 'server_error', code: 'server_error', message: body },
      stream_id: 'a',
    });
  });

  it('turns a whole response into events', () => {
    const { reply, frames, ends } = run();
    reply.head(200, { 'content-type': 'application/json' });
    reply.end(JSON.stringify({ id: 'resp_2', status: 'completed', output: [item] }));
    expect(frames.map((frame) => JSON.parse(frame).type)).toEqual([
      'response.created',
      'response.output_item.added',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(ends).toEqual([{ responseId: 'resp_2', output: [item], usable: true, status: 200 }]);
  });

  it('waits for a client that is behind', () => {
    const { reply, sink } = run();
    let drains = 0;
    reply.onDrain(() => drains++);
    reply.head(200, stream);
    sink.free = false;
    expect(reply.write(`data: ${created}\n\n`)).toBe(false);
    expect(reply.write(`data: ${itemDone}\n\n`)).toBe(false);
    expect(sink.drained).toHaveLength(1);
    sink.drained[0]?.();
    expect(drains).toBe(1);
  });

  it('tells the pipeline when the client leaves, and writes nothing more', () => {
    const { reply, frames, ends, sink } = run();
    let closes = 0;
    reply.onClose(() => closes++);
    reply.head(200, stream);
    sink.closed = true;
    reply.cancel();
    expect(reply.closed).toBe(true);
    expect(reply.write(`data: ${created}\n\n`)).toBe(true);
    reply.cancel();
    expect([frames, closes, ends.length]).toEqual([[], 1, 1]);
  });

  it('says at once that the client has left before', async () => {
    const { reply, sink } = run();
    sink.closed = true;
    await new Promise<void>((done) => reply.onClose(done));
    expect(reply.headSent).toBe(false);
  });
});

it('of a long event it is read what counts', () => {
  const { reply, frames, ends } = run();
  const tools = Array.from({ length: 1000 }, (_, index) => ({
    type: 'function',
    name: `tool_${index}`,
    id: 'resp_no',
  }));
  const response = { tools, output: [item, 5], id: 'resp_2', metadata: { output: [] } };
  const completed = JSON.stringify({ type: 'response.completed', response });
  reply.head(200, stream);
  reply.end(`data: ${completed}\n\n`);
  expect(frames).toEqual([completed]);
  expect(ends).toEqual([{ responseId: 'resp_2', output: [item], usable: true, status: 200 }]);
});

it('a long event that is no JSON goes through, and is nobody’s end', () => {
  const { reply, frames, ends } = run();
  const broken = `{"type":"response.completed","response":{"id":"resp_3"},"x":"${'x'.repeat(20_000)}`;
  reply.head(200, stream);
  reply.end(`data: ${broken}\n\n`);
  expect(frames).toEqual([broken, expect.stringContaining('stream closed before')]);
  expect(ends[0]?.usable).toBe(false);
});
