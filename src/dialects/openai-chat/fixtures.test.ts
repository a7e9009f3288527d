import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SseParser } from '../../framing/sse.ts';
import type { GenerationEvent, GenerationRequest } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { openaiChat as codec } from './index.ts';

const root = new URL('../../../test/fixtures/openai-chat/', import.meta.url);
const names = readdirSync(root);
const file = (name: string): URL => new URL(name, root);
const json = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'));
const casesWith = (name: string): string[] => names.filter((fixture) => existsSync(file(`${fixture}/${name}`)));

const context: ReplyContext = {
  model: 'gpt-test-2026',
  request: {
    model: 'm',
    stream: false,
    messages: [],
    tools: [],
    sampling: {},
    extensions: { 'openai-chat': { stream_options: { include_usage: true } } },
  },
  nowS: 0,
  newId: (prefix) => `${prefix}new`,
  framing: 'sse',
};

function decodeStream(chunks: readonly Buffer[]): GenerationEvent[] {
  const parser = new SseParser();
  const decoder = codec.createStreamDecoder();
  const frames = [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()];
  return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

test('there are fixtures of each kind', () => {
  expect(casesWith('request.json').length).toBeGreaterThan(11);
  expect(casesWith('response.json').length).toBeGreaterThan(7);
  expect(casesWith('stream.sse').length).toBeGreaterThan(9);
});

describe.each(casesWith('request.json'))('request %s', (name) => {
  test('decodes to its IR', () => {
    expect(codec.decodeRequest(json(`${name}/request.json`), {})).toStrictEqual(json(`${name}/request.ir.json`));
  });

  test('is encoded from its IR', () => {
    const request: GenerationRequest = json(`${name}/request.ir.json`);
    const target = { model: request.model, stream: request.stream, quirks: {} };
    const encoded = existsSync(file(`${name}/request.encoded.json`)) ? 'request.encoded.json' : 'request.json';
    expect(codec.encodeRequest(request, target).value).toStrictEqual(json(`${name}/${encoded}`));
  });
});

describe.each(casesWith('response.json'))('response %s', (name) => {
  test('decodes to its IR and is encoded from it', () => {
    const wire = json(`${name}/response.json`);
    const ir = json(`${name}/response.ir.json`);
    expect(codec.decodeResponse(wire)).toStrictEqual(ir);
    expect(codec.encodeResponse(ir, context).value).toMatchObject(wire);
  });

  test('its usage is found in the text', () => {
    const text = JSON.stringify(json(`${name}/response.json`));
    expect(codec.readResponseUsage(text.slice(-1024))).toStrictEqual(json(`${name}/response.ir.json`).usage);
  });
});

describe.each(casesWith('stream.sse'))('stream %s', (name) => {
  const bytes = readFileSync(file(`${name}/stream.sse`));
  const events: GenerationEvent[] = json(`${name}/stream.ir.json`);

  test('gives its events however the bytes are split', () => {
    const cut = fc.integer({ min: 0, max: bytes.length });
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(decodeStream(chunks)).toStrictEqual(events);
      }),
    );
  });

  test('is encoded to a stream that gives the same events', () => {
    const encoder = codec.createStreamEncoder(context);
    const text = events.map((event) => encoder.push(event)).join('');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(decodeStream([Buffer.from(text)])).toStrictEqual(events);
  });

  test('its end is found in the last bytes', () => {
    const text = bytes.toString('utf8');
    const { complete, usage } = codec.readStreamTail(text.slice(0, 2048), text.slice(-2048));
    const end = events.at(-1);
    expect(complete).toBe(true);
    if (usage !== undefined) expect(end).toStrictEqual({ type: 'response-end', usage });
    expect(usage === undefined).toBe(!text.includes('"usage"'));
  });
});
