import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { awsEvent, awsException, awsMessage, type HeaderToWrite } from '../../test/support/aws-event-stream.ts';
import { AwsEventStream, AwsFrameParser } from './aws-event-stream.ts';
import { crc32 } from './crc32.ts';

const code = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

it('sums as zlib does, at once and in parts', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      expect(crc32(a)).toBe(zlibCrc32(a));
      expect(crc32(b, crc32(a))).toBe(zlibCrc32(b, zlibCrc32(a)));
    }),
  );
});

it('reads headers of every type', () => {
  const uuid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const headers: Record<string, HeaderToWrite | string> = {
    yes: { type: 'bool', value: true },
    no: { type: 'bool', value: false },
    byte: { type: 'byte', value: -2 },
    short: { type: 'short', value: -300 },
    int: { type: 'int', value: -70_000 },
    long: { type: 'long', value: 9_007_199_254_740_993n },
    bytes: { type: 'bytes', value: Buffer.from([0, 255]) },
    'string-\u00e9': 'caf\u00e9',
    timestamp: { type: 'timestamp', value: 1_700_000_000_123n },
    uuid: { type: 'uuid', value: uuid },
  };
  const [message] = new AwsEventStream().push(awsMessage(headers, 'body'));
  expect(Object.fromEntries(message?.headers ?? [])).toEqual({
    yes: true,
    no: false,
    byte: -2,
    short: -300,
    int: -70_000,
    long: 9_007_199_254_740_993n,
    bytes: 'AP8=',
    'string-\u00e9': 'caf\u00e9',
    timestamp: 1_700_000_000_123,
    uuid: '00112233-4455-6677-8899-aabbccddeeff',
  });
  expect(message?.payload.toString()).toBe('body');
});

it('gives the same frames however the bytes are cut', () => {
  const payloads = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(payloads, fc.array(fc.nat(400), { maxLength: 12 }), (texts, cuts) => {
      const bytes = Buffer.concat(texts.map((text, index) => awsEvent(`event${index}`, { text })));
      const parser = new AwsFrameParser();
      const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
      const frames = places.slice(1).flatMap((end, index) => [...parser.push(bytes.subarray(places[index], end))]);
      expect([...frames, ...parser.end()]).toEqual(
        texts.map((text, index) => ({ event: `event${index}`, data: JSON.stringify({ text }) })),
      );
    }),
  );
});

it('any changed byte is noticed', () => {
  const good = Buffer.concat([awsEvent('a', { text: 'one' }), awsEvent('b', { text: 'two' })]);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ change;
      const parser = new AwsFrameParser();
      expect(
        code(() => {
          parser.push(bad);
          parser.end();
        }),
      ).toBe('upstream_invalid_response');
    }),
  );
});

it('what came before a broken message is not lost', () => {
  const broken = awsEvent('b', {});
  broken[broken.length - 1] = (broken[broken.length - 1] ?? 0) ^ 1;
  for (const next of ['push', 'end'] as const) {
    const stream = new AwsEventStream();
    expect(stream.push(Buffer.concat([awsEvent('a', {}), broken]))).toHaveLength(1);
    expect(code(() => (next === 'push' ? stream.push(awsEvent('c', {})) : stream.end()))).toBe(
      'upstream_invalid_response',
    );
  }
});

it('tells exceptions and errors from events', () => {
  const parser = new AwsFrameParser();
  const error = { ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'it broke' };
  const bytes = [
    awsException('ThrottlingException', { message: 'slow' }),
    awsMessage(error, ''),
    awsMessage({ ':message-type': 'error' }, ''),
    awsMessage({}, 'bare'),
    awsMessage({ ':event-type': { type: 'int', value: 1 } }, ''),
  ];
  expect(parser.push(Buffer.concat(bytes))).toEqual([
    { event: 'exception:ThrottlingException', data: '{"message":"slow"}' },
    { event: 'error:InternalError', data: '{"message":"it broke"}' },
    { event: 'error:', data: '{"message":""}' },
    { event: undefined, data: 'bare' },
    { event: undefined, data: '' },
  ]);
});

it('an end amid a message is a truncated stream, one between messages is none', () => {
  const bytes = awsEvent('a', {});
  for (const cut of [1, 11, 12, bytes.length - 1]) {
    const stream = new AwsEventStream();
    expect(stream.push(bytes.subarray(0, cut))).toEqual([]);
    expect(code(() => stream.end())).toBe('upstream_stream_truncated');
  }
  const whole = new AwsEventStream();
  expect(whole.push(bytes)).toHaveLength(1);
  expect(code(() => whole.end())).toBeUndefined();
});

/** A prelude with these lengths and a right checksum, and enough zeros to follow. */
function prelude(total: number, headers: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32BE(total, 0);
  bytes.writeUInt32BE(headers, 4);
  bytes.writeUInt32BE(zlibCrc32(bytes.subarray(0, 8)), 8);
  return bytes;
}

const MIB = 1024 * 1024;

it.each([
  ['shorter than its own frame', 15, 0, 'lengths'],
  ['headers longer than the message', 20, 5, 'lengths'],
  ['longer than the protocol allows', 16 * MIB + 1, 0, 'too long'],
  ['headers longer than the protocol allows', MIB, 128 * 1024 + 1, 'too long'],
])('refuses a message: %s', (_, total, headers, words) => {
  expect(() => new AwsEventStream().push(prelude(total, headers))).toThrow(words);
});

it('waits for a message of the largest size', () => {
  expect(new AwsEventStream().push(prelude(16 * MIB, 128 * 1024))).toEqual([]);
  expect(new AwsEventStream().push(awsMessage({}, ''))).toHaveLength(1);
});

it.each([
  ['a name that is cut off', Buffer.from([9, 0x61])],
  ['a value that is cut off', Buffer.from([1, 0x61, 4, 0])],
  ['text that is cut off', Buffer.from([1, 0x61, 7, 0, 5, 0x62])],
  ['a UUID that is cut off', Buffer.from([1, 0x61, 9, 1, 2, 3])],
  ['an unknown type', Buffer.from([1, 0x61, 10])],
])('refuses headers with %s', (_, head) => {
  const front = Buffer.alloc(12 + head.length);
  front.writeUInt32BE(16 + head.length, 0);
  front.writeUInt32BE(head.length, 4);
  front.writeUInt32BE(zlibCrc32(front.subarray(0, 8)), 8);
  head.copy(front, 12);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(zlibCrc32(front));
  expect(code(() => new AwsEventStream().push(Buffer.concat([front, sum])))).toBe('upstream_invalid_response');
});
