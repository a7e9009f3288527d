import { describe, expect, it } from 'vitest';
import { laneOfFrame, readClientFrame } from './client-frame.ts';

const read = (frame: unknown) => readClientFrame(Buffer.from(JSON.stringify(frame)));

describe('readClientFrame', () => {
  it('reads a request', () => {
    const frame = read({
      type: 'response.create',
      model: 'm',
      stream_id: 'a',
      previous_response_id: 'resp_1',
      generate: false,
      input: [{ role: 'user', content: 'hi' }],
    });
    expect(frame).toMatchObject({
      kind: 'request',
      request: {
        kind: 'create',
        streamId: 'a',
        previousResponseId: 'resp_1',
        warmUp: true,
        input: [{ role: 'user', content: 'hi' }],
      },
    });
  });

  it.each([
    [undefined, []],
    [null, []],
    ['hi', [{ type: 'message', role: 'user', content: 'hi' }]],
    [[], []],
  ])('reads input %j', (input, items) => {
    expect(read({ type: 'response.create', input })).toMatchObject({
      request: { input: items, streamId: undefined, previousResponseId: undefined, warmUp: false },
    });
  });

  it.each([null, true, undefined])('generates with generate: %j', (generate) => {
    expect(read({ type: 'response.create', generate })).toMatchObject({ request: { warmUp: false } });
  });

  it('reads null ids as none', () => {
    const frame = read({ type: 'response.append', input: [], stream_id: null, previous_response_id: null });
    expect(frame).toMatchObject({
      request: { kind: 'append', streamId: undefined, previousResponseId: undefined },
    });
  });

  it('reads the other frames of the protocol', () => {
    expect(read({ type: 'response.processed', response_id: 'r' })).toEqual({ kind: 'processed' });
    expect(read({ type: 'response.steer', previous_response_id: 'r', input: 'left' })).toEqual({
      kind: 'steer',
      previousResponseId: 'r',
      input: 'left',
    });
  });

  it.each([
    ['type', { type: 'response.cancel' }],
    ['type', {}],
    ['type', { type: 5 }],
    ['input', { type: 'response.create', input: 5 }],
    ['input', { type: 'response.create', input: {} }],
    ['input', { type: 'response.append', input: 'hi' }],
    ['input', { type: 'response.append' }],
    ['input[1]', { type: 'response.create', input: [{}, null] }],
    ['stream_id', { type: 'response.create', stream_id: '' }],
    ['stream_id', { type: 'response.create', stream_id: 1 }],
    ['previous_response_id', { type: 'response.create', previous_response_id: 1 }],
  ])('refuses a wrong %s in %j', (path, frame) => {
    expect(() => read(frame)).toThrow(expect.objectContaining({ code: 'invalid_request', status: 400, path }));
  });

  it.each([
    Buffer.from('{'),
    Buffer.from('[]'),
    Buffer.from([0x7b, 0xff, 0x7d]),
    Buffer.from('{"type":"response.create","input":["\\q"]}'),
  ])('refuses what is no JSON object: %s', (bytes) => {
    expect(() => readClientFrame(bytes)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
  });

  it('finds the lane of a frame that makes no sense', () => {
    expect(laneOfFrame(Buffer.from('{"type":"x","stream_id":"a"}'))).toBe('a');
    expect(laneOfFrame(Buffer.from('{"stream_id":5}'))).toBeUndefined();
    expect(laneOfFrame(Buffer.from('nonsense'))).toBeUndefined();
  });
});
