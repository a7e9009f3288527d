import { describe, expect, it } from 'vitest';
import { type RequestFrame, readClientFrame } from './client-frame.ts';
import { incrementOf, wholeBody, withSettingsOf } from './turn-body.ts';

function frame(text: string): RequestFrame {
  const read = readClientFrame(Buffer.from(text));
  if (read.kind !== 'request') throw new Error('no request');
  return read.request;
}

describe('wholeBody', () => {
  const { object } = frame(
    '{"type":"response.create","model":"m","input":[{"n":1.0}],"stream_id":"a","generate":false,"previous_response_id":"r","background":true,"x":1.50}',
  );

  it('leaves what belongs to the frame and keeps the client’s bytes', () => {
    expect(wholeBody(object, undefined, undefined).toString()).toBe(
      '{"model":"m","input":[{"n":1.0}],"x":1.50,"stream":true}',
    );
  });

  it('takes another input', () => {
    expect(JSON.parse(wholeBody(object, [{ a: 1 }], undefined).toString())).toEqual({
      model: 'm',
      input: [{ a: 1 }],
      x: 1.5,
      stream: true,
    });
  });

  it('gives a request without input an empty one', () => {
    const empty = frame('{"type":"response.create","stream":false}');
    expect(JSON.parse(wholeBody(empty.object, undefined, undefined).toString())).toEqual({ stream: true, input: [] });
  });
});

describe('incrementOf', () => {
  it('keeps the frame’s own input and names what it continues', () => {
    const { object } = frame('{"type":"response.create","stream_id":"a","input":[{"n":1.0}],"model":"m"}');
    const increment = incrementOf(object, 'resp_1');
    expect(increment.previousResponseId).toBe('resp_1');
    expect(increment.body.toString()).toBe('{"input":[{"n":1.0}],"model":"m","previous_response_id":"resp_1"}');
  });
});

describe('withSettingsOf', () => {
  const earlier = frame(
    '{"type":"response.create","model":"m","instructions":"x","generate":false,"input":[{}]}',
  ).object;
  const body = (text: string): unknown =>
    JSON.parse(wholeBody(withSettingsOf(earlier, frame(text)), undefined, undefined).toString());

  it('gives append what it leaves out', () => {
    expect(body('{"type":"response.append","input":[{"a":1}]}')).toEqual({
      model: 'm',
      instructions: 'x',
      input: [{ a: 1 }],
      stream: true,
    });
  });

  it('lets append change a setting', () => {
    expect(body('{"type":"response.append","input":[],"model":"n"}')).toMatchObject({ model: 'n', instructions: 'x' });
  });

  it('gives create only the model', () => {
    expect(body('{"type":"response.create","input":[]}')).toEqual({ model: 'm', input: [], stream: true });
    expect(body('{"type":"response.create","model":"n"}')).toEqual({ model: 'n', input: [], stream: true });
  });

  it('leaves the first request as it is', () => {
    const first = frame('{"type":"response.append","input":[]}');
    expect(withSettingsOf(undefined, first)).toBe(first.object);
  });
});
