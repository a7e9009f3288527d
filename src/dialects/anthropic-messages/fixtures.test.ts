import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors.ts';
import { SseParser } from '../../framing/sse.ts';
import type { GenerationEvent, GenerationRequest, GenerationResponse, JsonObject } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { anthropicMessages as codec } from './index.ts';

const root = join(import.meta.dirname, '../../../test/fixtures/anthropic-messages');
const cases = readdirSync(root);

const pathOf = (name: string, file: string): string => join(root, name, file);
const casesWith = (file: string): string[] => cases.filter((name) => existsSync(pathOf(name, file)));
const read = <T>(name: string, file: string): T => JSON.parse(readFileSync(pathOf(name, file), 'utf8')) as T;
const readOr = (name: string, file: string, otherwise: string): JsonObject =>
  read<JsonObject>(name, existsSync(pathOf(name, file)) ? file : otherwise);

const replyContext = (model: string): ReplyContext => ({
  model,
  request: { model, stream: true, messages: [], tools: [], sampling: {}, extensions: {} },
  nowS: 0,
  newId: (prefix) => `${prefix}new`,
  framing: 'sse',
});

function decodeStream(chunks: readonly Buffer[]): GenerationEvent[] {
  const parser = new SseParser();
  const decoder = codec.createStreamDecoder();
  const frames = [...chunks.flatMap((chunk) => [...parser.push(chunk)]), ...parser.end()];
  return [...frames.flatMap((frame) => [...decoder.push(frame)]), ...decoder.end()];
}

function encodeStream(events: readonly GenerationEvent[]): string {
  const start = events.find((event) => event.type === 'response-start');
  const encoder = codec.createStreamEncoder(replyContext(start?.model ?? ''));
  return events.map((event) => encoder.push(event)).join('');
}

it('has the cases that the design asks for', () => {
  expect(cases.length).toBeGreaterThanOrEqual(14);
});

describe('requests', () => {
  it.each(casesWith('request.json'))('%s: decodes to the IR', (name) => {
    expect(codec.decodeRequest(read(name, 'request.json'), {})).toEqual(read(name, 'request.ir.json'));
  });

  it.each(casesWith('request.json'))('%s: encodes from the IR', (name) => {
    const ir = read<GenerationRequest>(name, 'request.ir.json');
    const encoded = codec.encodeRequest(ir, { model: ir.model, stream: ir.stream, quirks: {} });
    expect(encoded.value).toEqual(readOr(name, 'request.encoded.json', 'request.json'));
    if (name !== 'foreign-signatures') expect(encoded.warnings).toEqual([]);
  });
});

describe('answers', () => {
  it.each(casesWith('response.json'))('%s: decodes to the IR', (name) => {
    expect(codec.decodeResponse(read(name, 'response.json'))).toEqual(read(name, 'response.ir.json'));
  });

  it.each(casesWith('response.json'))('%s: encodes from the IR', (name) => {
    const ir = read<GenerationResponse>(name, 'response.ir.json');
    const encoded = codec.encodeResponse(ir, replyContext(ir.model));
    expect(encoded).toEqual({ value: read(name, 'response.encoded.json'), warnings: [] });
  });
});

describe('streams', () => {
  const good = casesWith('stream.ir.json');

  it.each(good)('%s: decodes to events, however the bytes are cut', (name) => {
    const bytes = readFileSync(pathOf(name, 'stream.sse'));
    const expected = read<GenerationEvent[]>(name, 'stream.ir.json');
    expect(decodeStream([bytes])).toEqual(expected);
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (points) => {
        const ends = [...points.sort((a, b) => a - b), bytes.length];
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(decodeStream(chunks)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it.each(good)('%s: what is encoded from the events decodes to them again', (name) => {
    const events = read<GenerationEvent[]>(name, 'stream.ir.json');
    // A service tier of `standard` is Claude's own word and comes back as well.
    expect(decodeStream([Buffer.from(encodeStream(events))])).toEqual(events);
  });

  it.each(good)('%s: cut anywhere before its end it is an error', (name) => {
    const bytes = readFileSync(pathOf(name, 'stream.sse'));
    const last = bytes.lastIndexOf('event: message_stop');
    for (const end of [0, Math.floor(last / 3), Math.floor(last / 2), last]) {
      expect(() => decodeStream([bytes.subarray(0, end)])).toThrow(ProxyError);
    }
  });

  it.each(casesWith('stream.error.json'))('%s: throws the upstream error', (name) => {
    const run = (): unknown => decodeStream([readFileSync(pathOf(name, 'stream.sse'))]);
    expect(run).toThrow(expect.objectContaining(read<object>(name, 'stream.error.json')));
  });

  it.each(good)('%s: its tail tells the end and the usage', (name) => {
    const text = readFileSync(pathOf(name, 'stream.sse'), 'utf8');
    const end = read<GenerationEvent[]>(name, 'stream.ir.json').at(-1);
    const usage = end?.type === 'response-end' ? end.usage : undefined;
    expect(codec.readStreamTail(text.slice(0, 600), text.slice(-330))).toEqual({ complete: true, usage });
    expect(codec.readStreamTail(text, text.slice(0, text.lastIndexOf('event: message_stop'))).complete).toBe(false);
  });

  it.each(casesWith('response.json'))('%s: usage is read from the text of the answer', (name) => {
    const { usage } = read<GenerationResponse>(name, 'response.ir.json');
    const text = readFileSync(pathOf(name, 'response.json'), 'utf8');
    expect(codec.readResponseUsage(text)).toEqual(usage);
    expect(codec.readResponseUsage(JSON.stringify(JSON.parse(text)).slice(-400))).toEqual(usage);
  });
});
