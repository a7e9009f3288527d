import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors.ts';
import type { GenerationEvent, GenerationRequest } from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { gemini } from './index.ts';

const request: GenerationRequest = { model: 'm', stream: true, messages: [], tools: [], sampling: {}, extensions: {} };
const context: ReplyContext = { model: 'm', request, nowS: 0, newId: (prefix) => `${prefix}new`, framing: 'sse' };
const start: GenerationEvent = { type: 'response-start', id: 'r', model: 'up' };

function decode(...frames: unknown[]): GenerationEvent[] {
  const decoder = gemini.createStreamDecoder();
  const events = frames.flatMap((frame) => decoder.push({ event: undefined, data: JSON.stringify(frame) }));
  return [...events, ...decoder.end()];
}

const encode = (events: readonly GenerationEvent[], to: ReplyContext = context): string => {
  const encoder = gemini.createStreamEncoder(to);
  return events.map((event) => encoder.push(event)).join('');
};

function thrown(run: () => unknown): ProxyError {
  try {
    run();
  } catch (error) {
    if (error instanceof ProxyError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const part = (...parts: object[]) => ({ candidates: [{ content: { parts } }] });

describe('decoding', () => {
  it('refuses a stream without finishReason', () => {
    expect(thrown(() => decode(part({ text: 'a' }))).code).toBe('upstream_stream_truncated');
    expect(thrown(() => decode()).code).toBe('upstream_stream_truncated');
  });

  it('throws an in-stream error by its code', () => {
    const error = thrown(() => decode({ error: { code: 429, message: 'slow down', status: 'RESOURCE_EXHAUSTED' } }));
    expect(error).toMatchObject({ code: 'upstream_rate_limited', status: 429, message: 'slow down' });
    expect(thrown(() => decode([{ error: { message: 'x' } }])).status).toBe(502);
  });

  it('refuses frames that are not JSON objects', () => {
    const push = (data: string) => () => gemini.createStreamDecoder().push({ event: undefined, data });
    expect(thrown(push('{')).code).toBe('upstream_invalid_response');
    expect(thrown(push('1')).code).toBe('upstream_invalid_response');
  });

  it('opens a new block after a signature and attaches a bare one to the call before it', () => {
    const events = decode(
      part({ text: 'a', thoughtSignature: 'U1' }),
      part({ text: 'b' }),
      part({ functionCall: { id: '1', name: 'f' } }),
      part({ thoughtSignature: 'U2' }),
      { candidates: [{ finishReason: 'STOP' }] },
    );
    expect(events.map((event) => `${event.type}${'block' in event ? event.block : ''}`)).toEqual([
      'response-start',
      ...['text-start0', 'text-delta0', 'block-signature0', 'block-end0'],
      ...['text-start1', 'text-delta1', 'block-end1'],
      ...['tool-call-start2', 'tool-call-delta2', 'block-signature2', 'block-end2'],
      'candidate-end',
      'response-end',
    ]);
  });
});

describe('encoding', () => {
  const call: GenerationEvent[] = [
    start,
    { type: 'tool-call-start', block: 0, candidate: 0, id: 'c', name: 'f', kind: 'function' },
    { type: 'tool-call-delta', block: 0, arguments: '{"a":' },
    { type: 'tool-call-delta', block: 0, arguments: '1}' },
    { type: 'block-signature', block: 0, signature: { origin: 'gemini', value: 'U0' } },
  ];

  it('emits a call whole at its end', () => {
    expect(encode(call)).toBe('');
    const chunk = JSON.parse(encode([...call, { type: 'block-end', block: 0 }]).slice('data: '.length));
    expect(chunk.candidates[0].content.parts).toEqual([
      { functionCall: { id: 'c', name: 'f', args: { a: 1 } }, thoughtSignature: 'U0' },
    ]);
    expect(chunk).toMatchObject({ modelVersion: 'm', responseId: 'r' });
  });

  it('keeps arguments that are no object under _raw', () => {
    const events = [...call.slice(0, 3), { type: 'block-end', block: 0 } as const];
    expect(encode(events)).toContain('"args":{"_raw":"{\\"a\\":"}');
  });

  it('carries a foreign signature as base64 that leads back to its origin', () => {
    const signature = { origin: 'anthropic-messages', value: 'ErUB+/x=' };
    const sse = encode([
      start,
      { type: 'reasoning-start', block: 0, candidate: 0, summary: false, redacted: true },
      { type: 'block-signature', block: 0, signature },
    ]);
    const [wire] = JSON.parse(sse.slice('data: '.length)).candidates[0].content.parts;
    expect(wire.thoughtSignature).toMatch(/^[A-Za-z0-9+/]+=*$/);
    const decoded = gemini.decodeRequest({ contents: [{ role: 'model', parts: [wire] }] }, { model: 'm' });
    expect(decoded.messages[0]?.content[0]).toMatchObject({ type: 'reasoning', redacted: true, signature });
  });

  it('ends a broken stream with an error in the framing of the stream', () => {
    const error = new ProxyError('upstream_stream_truncated', 'cut');
    const text: GenerationEvent[] = [
      start,
      { type: 'text-start', block: 0, candidate: 0 },
      { type: 'text-delta', block: 0, text: 'a' },
    ];
    const expected = { error: { code: 502, message: 'cut', status: 'UNAVAILABLE' } };
    expect(gemini.createStreamEncoder(context).fail(error)).toBe(`data: ${JSON.stringify(expected)}\n\n`);
    const encoder = gemini.createStreamEncoder({ ...context, framing: 'json-array' });
    const array = JSON.parse(text.map((event) => encoder.push(event)).join('') + encoder.fail(error));
    expect(array).toHaveLength(2);
    expect(array[1]).toEqual(expected);
    expect(JSON.parse(gemini.createStreamEncoder({ ...context, framing: 'json-array' }).fail(error))).toEqual([
      expected,
    ]);
  });

  it('makes an id only where the upstream gave none', () => {
    const end: GenerationEvent[] = [
      { type: 'candidate-end', candidate: 0, finishReason: 'length' },
      {
        type: 'response-end',
        usage: { inputTokens: 1, cachedReadTokens: 2, cacheWriteTokens: 3, outputTokens: 9, reasoningTokens: 4 },
      },
    ];
    const chunk = JSON.parse(encode([{ ...start, id: '' }, ...end]).slice('data: '.length));
    expect(chunk.responseId).toBe('new');
    expect(chunk.candidates[0].finishReason).toBe('MAX_TOKENS');
    expect(chunk.usageMetadata).toEqual({
      promptTokenCount: 6,
      candidatesTokenCount: 5,
      totalTokenCount: 15,
      cachedContentTokenCount: 2,
      thoughtsTokenCount: 4,
    });
  });
});

describe('pass-through', () => {
  it('does not take text that talks about the fields for the fields', () => {
    const tail = `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text: '"finishReason":"STOP","usageMetadata":{"promptTokenCount":9}' }] } }] })}`;
    expect(gemini.readStreamTail('', tail)).toEqual({ complete: false });
  });

  it('survives a tail that is cut anywhere', () => {
    expect(gemini.readResponseUsage('"usageMetadata":{"promptTokenCount":1},"usageMetadata":{"prom')?.inputTokens).toBe(
      1,
    );
    expect(gemini.readResponseUsage('')).toBeUndefined();
  });
});
