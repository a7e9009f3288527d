import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseParser } from '../../framing/sse.ts';
import type { GenerationEvent, GenerationRequest, GenerationResponse, JsonObject } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { gemini } from './index.ts';

const root = new URL('../../../test/fixtures/gemini/', import.meta.url);
const cases = readdirSync(root).sort();
const request: GenerationRequest = { model: 'm', stream: true, messages: [], tools: [], sampling: {}, extensions: {} };

const has = (name: string, file: string): boolean => existsSync(new URL(`${name}/${file}`, root));
const text = (name: string, file: string): string => readFileSync(new URL(`${name}/${file}`, root), 'utf8');
const json = <T>(name: string, file: string): T => JSON.parse(text(name, file));
/** What went over the wire: without keys whose value is undefined. */
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function context(model: string): ReplyContext {
  return { model, request, nowS: 0, newId: (prefix) => `${prefix}new`, framing: 'sse' };
}

function decodeStream(chunks: readonly Buffer[]): GenerationEvent[] {
  const parser = new SseParser();
  const decoder = gemini.createStreamDecoder();
  const frames = [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()];
  return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

function encodeStream(events: readonly GenerationEvent[], model: string): string {
  const encoder = gemini.createStreamEncoder(context(model));
  return events.map((event) => encoder.push(event)).join('');
}

it('has at least 14 cases', () => expect(cases.length).toBeGreaterThanOrEqual(14));

describe.each(cases.filter((name) => has(name, 'request.json')))('request %s', (name) => {
  const urlContext = json<{ model: string; stream: boolean }>(name, 'request.context.json');

  it('decodes to the IR', () => {
    const decoded = gemini.decodeRequest(json(name, 'request.json'), urlContext);
    expect(wire(decoded)).toEqual(json(name, 'request.ir.json'));
  });

  it('encodes to the wire without a warning, and that decodes to a request that encodes to the same', () => {
    const encode = (ir: GenerationRequest) => gemini.encodeRequest(ir, { ...urlContext, quirks: {} });
    const encoded = encode(json(name, 'request.ir.json'));
    expect(encoded.warnings).toEqual([]);
    const expected = has(name, 'request.encoded.json') ? 'request.encoded.json' : 'request.json';
    expect(wire(encoded.value)).toEqual(json(name, expected));
    expect(wire(encode(gemini.decodeRequest(encoded.value, urlContext)).value)).toEqual(json(name, expected));
  });
});

describe.each(cases.filter((name) => has(name, 'response.json')))('response %s', (name) => {
  it('decodes to the IR', () => {
    expect(wire(gemini.decodeResponse(json(name, 'response.json')))).toEqual(json(name, 'response.ir.json'));
  });

  it('encodes to the wire, and that decodes to the same content and usage', () => {
    const ir = json<GenerationResponse>(name, 'response.ir.json');
    const { value, warnings } = gemini.encodeResponse(ir, context(ir.model));
    expect(warnings).toEqual([]);
    const expected = has(name, 'response.encoded.json') ? 'response.encoded.json' : 'response.json';
    expect(wire(value)).toEqual(json(name, expected));
    const again = gemini.decodeResponse(value);
    expect(again.usage).toEqual(ir.usage);
    expect(wire(again.candidates.map((candidate) => candidate.content))).toEqual(ir.candidates.map((c) => c.content));
  });

  it('gives its usage to the pass-through', () => {
    const ir = json<GenerationResponse>(name, 'response.ir.json');
    expect(gemini.readResponseUsage(text(name, 'response.json').slice(-1500))).toEqual(ir.usage);
  });
});

describe.each(cases.filter((name) => has(name, 'stream.sse')))('stream %s', (name) => {
  const bytes = Buffer.from(text(name, 'stream.sse'));
  const events = json<GenerationEvent[]>(name, 'stream.ir.json');
  const start = events.find((event) => event.type === 'response-start');
  const end = events.at(-1);

  it('decodes to the events', () => expect(wire(decodeStream([bytes]))).toEqual(events));

  it('gives the same events however the bytes are split', () => {
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (positions) => {
        const edges = [0, ...positions.toSorted((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        expect(wire(decodeStream(chunks))).toEqual(events);
      }),
      { numRuns: 40 },
    );
  });

  it('encodes to a stream that decodes to the same events', () => {
    const sse = encodeStream(events, start?.model ?? '');
    expect(sse).toMatch(/^(data: \{.*\}\n\n)+$/);
    expect(wire(decodeStream([Buffer.from(sse)]))).toEqual(events);
  });

  it('encodes to one JSON array without alt=sse', () => {
    const encoder = gemini.createStreamEncoder({ ...context('m'), framing: 'json-array' });
    const chunks: JsonObject[] = JSON.parse(events.map((event) => encoder.push(event)).join(''));
    expect(chunks.at(-1)?.['usageMetadata']).toBeDefined();
    expect(chunks.every((chunk) => chunk['modelVersion'] === 'm')).toBe(true);
  });

  it('shows completeness and usage to the pass-through', () => {
    const sse = text(name, 'stream.sse');
    const tail = gemini.readStreamTail(sse.slice(0, 100), sse.slice(-1500));
    expect(tail).toEqual({ complete: true, usage: end?.type === 'response-end' ? end.usage : undefined });
  });
});
