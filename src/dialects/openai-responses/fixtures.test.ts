import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors.ts';
import { SseParser } from '../../framing/sse.ts';
import type { GenerationEvent, GenerationRequest, GenerationResponse, JsonObject } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { openaiResponses } from './index.ts';

const root = join(import.meta.dirname, '../../../test/fixtures/openai-responses');
const cases = readdirSync(root);
const path = (name: string, file: string): string => join(root, name, file);
const has = (name: string, file: string): boolean => existsSync(path(name, file));
const withFile = (file: string): string[] => cases.filter((name) => has(name, file));
const read = (name: string, file: string): JsonObject => JSON.parse(readFileSync(path(name, file), 'utf8'));
const readAs = <T>(name: string, file: string): T => JSON.parse(readFileSync(path(name, file), 'utf8')) as T;

const context = (request: GenerationRequest): ReplyContext => ({
  model: request.model,
  request,
  nowS: 1763760000,
  newId: (prefix) => `${prefix}new`,
  framing: 'sse',
});
const requestOf = (name: string): GenerationRequest =>
  has(name, 'request.json')
    ? openaiResponses.decodeRequest(read(name, 'request.json'), {})
    : openaiResponses.decodeRequest({ model: 'gpt-5.1', input: 'x' }, {});

/** Decodes bytes cut at the given places. */
function decodeStream(bytes: Buffer, cuts: readonly number[] = []): GenerationEvent[] {
  const parser = new SseParser();
  const decoder = openaiResponses.createStreamDecoder();
  const events: GenerationEvent[] = [];
  const places = [0, ...[...new Set(cuts)].sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < places.length; index++) {
    for (const frame of parser.push(bytes.subarray(places[index - 1], places[index])))
      events.push(...decoder.push(frame));
  }
  for (const frame of parser.end()) events.push(...decoder.push(frame));
  return [...events, ...decoder.end()];
}

function encodeStream(events: readonly GenerationEvent[], request: GenerationRequest): string {
  const encoder = openaiResponses.createStreamEncoder(context(request));
  return events.map((event) => encoder.push(event)).join('');
}

const errorOf = (run: () => unknown): JsonObject => {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error;
    return JSON.parse(JSON.stringify({ code: error.code, status: error.status, upstream: error.upstream }));
  }
  throw new Error('nothing was thrown');
};

describe.each(withFile('request.json'))('request %s', (name) => {
  const wire = read(name, 'request.json');
  const ir = readAs<GenerationRequest>(name, 'request.ir.json');

  it('decodes to the IR', () => {
    expect(openaiResponses.decodeRequest(wire, {})).toStrictEqual(ir);
  });

  it('encodes to the wire', () => {
    const encoded = openaiResponses.encodeRequest(ir, { model: ir.model, stream: ir.stream, quirks: {} });
    const expected = has(name, 'request.encoded.json') ? read(name, 'request.encoded.json') : wire;
    expect(encoded.value).toStrictEqual(expected);
    expect(encoded.warnings).toStrictEqual(
      has(name, 'request.warnings.json') ? read(name, 'request.warnings.json') : [],
    );
  });
});

describe.each(withFile('response.ir.json'))('response %s', (name) => {
  const ir = readAs<GenerationResponse>(name, 'response.ir.json');

  it('decodes to the IR', () => {
    expect(openaiResponses.decodeResponse(read(name, 'response.json'))).toStrictEqual(ir);
  });

  it('encodes to the wire, which decodes to the same', () => {
    const { value, warnings } = openaiResponses.encodeResponse(ir, context(requestOf(name)));
    expect(value).toStrictEqual(read(name, 'response.encoded.json'));
    expect(warnings).toStrictEqual([]);
    expect(openaiResponses.decodeResponse(value)).toStrictEqual({ ...ir, model: requestOf(name).model });
  });

  it('gives the usage of its text', () => {
    const text = JSON.stringify(read(name, 'response.json'));
    expect(openaiResponses.readResponseUsage(text)).toStrictEqual(ir.usage);
    expect(openaiResponses.readResponseUsage(text.slice(-600))).toStrictEqual(ir.usage);
  });
});

describe.each(withFile('stream.ir.json'))('stream %s', (name) => {
  const bytes = readFileSync(path(name, 'stream.sse'));
  const events = readAs<GenerationEvent[]>(name, 'stream.ir.json');

  it('decodes to events, wherever the bytes are cut', () => {
    expect(decodeStream(bytes)).toStrictEqual(events);
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 20 });
    const sameEvents = fc.property(cuts, (places) => {
      expect(decodeStream(bytes, places)).toStrictEqual(events);
    });
    fc.assert(sameEvents, { numRuns: 20 });
  });

  it('encodes to the wire, which decodes to the same', () => {
    const text = encodeStream(events, requestOf(name));
    expect(text).toBe(readFileSync(path(name, 'stream.encoded.sse'), 'utf8'));
    const numbers = [...text.matchAll(/"sequence_number":(\d+)/g)].map((match) => Number(match[1]));
    expect(numbers).toStrictEqual(numbers.map((_, index) => index));
    const [start, ...rest] = decodeStream(Buffer.from(text));
    expect(start).toStrictEqual({ ...events[0], model: requestOf(name).model });
    expect(rest).toStrictEqual(events.slice(1));
  });

  it('says at its tail that it is complete, and its usage', () => {
    const last = events.at(-1);
    const usage = last?.type === 'response-end' ? last.usage : undefined;
    expect(openaiResponses.readStreamTail('', bytes.toString().slice(-800))).toStrictEqual({ complete: true, usage });
    expect(openaiResponses.readStreamTail('', bytes.toString().slice(0, -300)).complete).toBe(false);
  });
});

describe.each(withFile('stream.error.json'))('broken stream %s', (name) => {
  it('throws the error of the upstream', () => {
    expect(errorOf(() => decodeStream(readFileSync(path(name, 'stream.sse'))))).toStrictEqual(
      read(name, 'stream.error.json'),
    );
  });
});

it('decodes a failed answer to the error of the upstream', () => {
  const error = errorOf(() => openaiResponses.decodeResponse(read('failed', 'response.json')));
  expect(error).toStrictEqual(read('failed', 'stream.error.json'));
});

it('has a golden file for everything on the wire', () => {
  const bare = cases.filter(
    (name) =>
      (has(name, 'request.json') && !has(name, 'request.ir.json')) ||
      (has(name, 'response.json') && !has(name, 'response.ir.json') && !has(name, 'stream.error.json')) ||
      (has(name, 'stream.sse') && !has(name, 'stream.ir.json') && !has(name, 'stream.error.json')),
  );
  expect(bare).toStrictEqual([]);
});
