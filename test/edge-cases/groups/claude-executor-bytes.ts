/** Compressed, broken and incomplete answers of Claude's servers. */
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'vitest';
import type { UpstreamHandler } from '../../support/pipeline-harness.ts';
import { events, message, text } from '../claude-wire.ts';
import { claudeAsk, type Got, withGateway } from '../gateway.ts';
import type { Entry } from '../ledger.ts';
import { claudeError, jsonAnswer } from '../server-answers.ts';
import { sse } from '../through.ts';

const whole = JSON.stringify(message([text('fine')]));
const streamed = sse('anthropic-messages', events([text('fine')]));
const refusal = JSON.stringify(claudeError('invalid_request_error', 'no such thing'));

function answer(
  bytes: Buffer | string,
  status = 200,
  headers: Readonly<Record<string, string | string[]>> = {},
): UpstreamHandler {
  return (_request, response) => {
    response.writeHead(status, headers);
    response.end(bytes);
  };
}

async function ask(handler: UpstreamHandler, stream = false, path = '/v1/messages'): Promise<Got> {
  let got: Got | undefined;
  await withGateway(handler, async (gateway) => {
    got = await gateway.post(path, { ...claudeAsk, stream });
  });
  if (got === undefined) throw new Error('no answer');
  return got;
}

const json = { 'content-type': 'application/json' };
const events_ = { 'content-type': 'text/event-stream' };
const gzip = { 'content-encoding': 'gzip' };

async function expectRefusal(stream: boolean, bytes: Buffer, headers: Readonly<Record<string, string>>): Promise<void> {
  const got = await ask(answer(bytes, 400, headers), stream);
  expect([got.status, got.body]).toEqual([400, JSON.parse(refusal)]);
  expect(got.headers.get('content-encoding')).toBeNull();
}

/** The status is the truth even where its explanation cannot be read. */
async function expectUnreadable(stream: boolean): Promise<void> {
  const got = await ask(answer('no gzip', 400, { ...json, ...gzip }), stream);
  expect(got.status).toBe(400);
  expect(got.body).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  expect(got.body.error.message).not.toBe('');
}

const chat = (handler: UpstreamHandler) => ask(handler, false, '/v1/chat/completions');

export const answerBytes: readonly Entry[] = [
  {
    names: ['ClaudeExecutor_ExecuteStreamDecodesCompressedSSE', 'ClaudeExecutor_ExecuteStream_GzipSuccessBodyDecoded'],
    async run() {
      for (const [encoding, bytes] of [
        ['gzip', gzipSync(streamed)],
        ['br', brotliCompressSync(streamed)],
        ['zstd', zstdCompressSync(streamed)],
      ] as const) {
        expect((await ask(answer(bytes, 200, { ...events_, 'content-encoding': encoding }), true)).text).toBe(streamed);
      }
    },
  },
  {
    names: ['ClaudeExecutor_ExecuteStream_GzipNoContentEncodingHeader'],
    async run() {
      expect((await ask(answer(gzipSync(streamed), 200, events_), true)).text).toBe(streamed);
    },
  },
  {
    names: [
      'DecodeResponseBody_MagicByteGzipNoHeader',
      'DecodeResponseBody_MagicByteZstdNoHeader',
      'DecodeResponseBody_PlainTextNoHeader',
    ],
    async run() {
      for (const bytes of [gzipSync(whole), zstdCompressSync(whole), whole]) {
        expect((await ask(answer(bytes, 200, { ...json, 'content-length': String(bytes.length) }))).text).toBe(whole);
      }
    },
  },
  {
    names: ['DecodeResponseBodyStackedRepeatedHeaders'],
    async run() {
      const twice = brotliCompressSync(gzipSync(whole));
      expect((await ask(answer(twice, 200, { ...json, 'content-encoding': 'gzip, br' }))).text).toBe(whole);
      expect((await ask(answer(twice, 200, { ...json, 'content-encoding': ['gzip', 'br'] }))).text).toBe(whole);
    },
  },
  {
    names: ['ClaudeExecutor_Execute_GzipErrorBodyNoContentEncodingHeader'],
    async run() {
      await expectRefusal(false, gzipSync(refusal), json);
      await expectRefusal(false, gzipSync(refusal), { ...json, ...gzip });
    },
  },
  {
    names: ['ClaudeExecutor_ExecuteStream_GzipErrorBodyNoContentEncodingHeader'],
    run: () => expectRefusal(true, gzipSync(refusal), json),
  },
  { names: ['ClaudeExecutor_Execute_InvalidGzipErrorBodyReturnsDecodeMessage'], run: () => expectUnreadable(false) },
  {
    names: ['ClaudeExecutor_ExecuteStream_InvalidGzipErrorBodyReturnsDecodeMessage'],
    run: () => expectUnreadable(true),
  },
  {
    names: [
      'ClaudeExecutor_ExecuteOpenAINonStreamRejectsEmptyClaudeStream',
      'ClaudeExecutor_ExecuteOpenAINonStreamRejectsIncompleteClaudeStream',
    ],
    note: 'a whole answer is asked for as such, not gathered from a stream; what is no whole answer is 502',
    async run() {
      for (const bytes of ['', '{}', whole.slice(0, -20)]) {
        const got = await chat(answer(bytes, 200, json));
        expect([bytes, got.status]).toEqual([bytes, 502]);
        expect(got.body.error.code).toBe('upstream_invalid_response');
      }
    },
  },
  {
    names: ['ClaudeExecutor_ExecuteOpenAINonStreamRejectsClaudeErrorEvent'],
    async run() {
      const got = await chat(jsonAnswer(claudeError('overloaded_error', 'too many')));
      expect(got.status).toBe(529);
      expect(got.body.error.message).toBe('too many');
    },
  },
  {
    names: ['ClaudeExecutor_ExecuteOpenAINonStreamConvertsValidClaudeStream'],
    async run() {
      const got = await chat(answer(whole, 200, json));
      expect([got.status, got.body.choices[0].message.content]).toEqual([200, 'fine']);
    },
  },
];
