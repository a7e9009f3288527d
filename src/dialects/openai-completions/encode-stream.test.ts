import { expect, it } from 'vitest';
import { emptyUsage, type GenerationEvent, type JsonObject, type ServerToolPart } from '../../ir/index.ts';
import { decodeRequest } from './decode-request.ts';
import { createStreamEncoder } from './encode-stream.ts';

const start: GenerationEvent = { type: 'response-start', id: 'r', model: 'up', createdAtS: 9 };
const text = (block: number, candidate = 0): GenerationEvent => ({ type: 'text-start', block, candidate });
const delta = (block: number, words: string): GenerationEvent => ({ type: 'text-delta', block, text: words });
const end: GenerationEvent = { type: 'response-end', usage: { ...emptyUsage, inputTokens: 1 } };

function encoder(fields: JsonObject = {}) {
  const request = decodeRequest({ model: 'm', prompt: 'p', ...fields }, {});
  return createStreamEncoder({ model: 'm', request, nowS: 5, newId: (prefix) => `${prefix}new`, framing: 'sse' });
}
/** What each event after the start writes. */
function encode(...events: GenerationEvent[]): string[] {
  const stream = encoder();
  expect(stream.push(start)).toBe('');
  return events.map((event) => stream.push(event));
}
const chunk = (choice: string): string =>
  `data: {"id":"r","object":"text_completion","created":9,"model":"m","choices":[${choice}]}\n\n`;
const choice = (words: string, index: number): string =>
  `{"text":${JSON.stringify(words)},"index":${index},"logprobs":null,"finish_reason":null}`;

it('texts and refusals are text, until their block ends', () => {
  expect(
    encode(
      text(0, 1),
      delta(0, 'a"b'),
      { type: 'block-end', block: 0 },
      delta(0, 'late'),
      { type: 'refusal-start', block: 1, candidate: 0 },
      { type: 'refusal-delta', block: 1, text: 'no' },
      delta(9, 'lost'),
    ),
  ).toEqual(['', chunk(choice('a"b', 1)), '', '', '', chunk(choice('no', 0)), '']);
});

it('the offsets of tokens go on within a candidate', () => {
  const measured = (block: number, words: string): GenerationEvent => ({
    type: 'text-delta',
    block,
    text: words,
    logprobs: [{ token: words, logprob: -1 }],
  });
  const logprobs = (token: string, at: number): string =>
    `{"tokens":["${token}"],"token_logprobs":[-1],"top_logprobs":[{}],"text_offset":[${at}]}`;
  const written = (token: string, index: number, at: number): string =>
    chunk(`{"text":"${token}","index":${index},"logprobs":${logprobs(token, at)},"finish_reason":null}`);
  const [, , ...out] = encode(
    text(0, 0),
    text(1, 1),
    delta(0, 'abc'),
    measured(0, 'de'),
    measured(1, 'f'),
    measured(0, 'g'),
  );
  expect(out).toEqual([chunk(choice('abc', 0)), written('de', 0, 3), written('f', 1, 0), written('g', 0, 5)]);
});

it('the end of a candidate has its reason, and that of the answer is [DONE]', () => {
  const ended: GenerationEvent = { type: 'candidate-end', candidate: 2, finishReason: 'length' };
  expect(encode(ended, end)).toEqual([
    chunk('{"text":"","index":2,"logprobs":null,"finish_reason":"length"}'),
    'data: [DONE]\n\n',
  ]);
});

it.each<[JsonObject, boolean]>([
  [{ include_usage: true }, true],
  [{ include_usage: false }, false],
  [{}, false],
])('stream options %j ask for usage: %s', (options, asked) => {
  const stream = encoder({ stream_options: options });
  stream.push(start);
  const usage =
    '"usage":{"prompt_tokens":1,"completion_tokens":0,"total_tokens":1,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}';
  const chunkOfUsage = `${chunk('').slice(0, -3)},${usage}}\n\n`;
  expect(stream.push(end)).toBe(`${asked ? chunkOfUsage : ''}data: [DONE]\n\n`);
});

it('options that are no object ask for nothing', () => {
  expect(encoder({ stream_options: 'x' }).push(end)).toBe('data: [DONE]\n\n');
});

it('id and time are made up where the upstream gives none', () => {
  const stream = encoder();
  stream.push({ type: 'response-start', id: '', model: 'up' });
  stream.push(text(0));
  expect(stream.push(delta(0, 'a'))).toBe(
    `data: {"id":"cmpl-new","object":"text_completion","created":5,"model":"m","choices":[${choice('a', 0)}]}\n\n`,
  );
});

it('whatever is no text is lost, and told once', () => {
  const tool: ServerToolPart = { type: 'server-tool', tool: 'web-search', phase: 'whole', id: '', origin: 'gemini' };
  const source = { type: 'url', url: 'https://a.test' } as const;
  const signature = { origin: 'gemini', value: 'U0' };
  const events: GenerationEvent[] = [
    { type: 'reasoning-start', block: 0, candidate: 1, summary: false, redacted: false },
    { type: 'reasoning-delta', block: 0, text: 'hidden' },
    { type: 'block-signature', block: 0, signature },
    { type: 'tool-call-start', block: 1, candidate: 0, id: 'c', name: 'f', kind: 'function' },
    { type: 'tool-call-delta', block: 1, arguments: '{}' },
    { type: 'media', block: 2, candidate: 0, part: { type: 'media', kind: 'image', source } },
    { type: 'server-tool', block: 3, candidate: 0, part: tool },
    { type: 'opaque', block: 4, candidate: 0, dialect: 'gemini', value: {} },
    { type: 'text-citation', block: 5, dialect: 'gemini', citation: {} },
  ];
  const stream = encoder();
  expect([start, ...events].map((event) => stream.push(event)).join('')).toBe('');
  expect(stream.warnings?.()).toEqual(
    [
      ['choices[1].content[0]', 'reasoning'],
      ['choices[0].content[1]', 'tool-call'],
      ['choices[0].content[2]', 'media'],
      ['choices[0].content[3]', 'server-tool'],
      ['choices[0].content[4]', 'opaque'],
    ].map(([path, type]) => ({ path, reason: `a completion is text; it cannot hold a ${type}` })),
  );
});
