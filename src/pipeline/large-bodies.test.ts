/** Large requests and answers are worked on in parts, between which others have their turn. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  chatAnswer,
  chatBody,
  claudeEndpoint,
  createHarness,
  type FakeReply,
  type Harness,
  target,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { codecs } from '../dialects/index.ts';
import { ProxyError } from '../errors.ts';
import type { UpstreamCall, UpstreamSink } from '../executors/executor.ts';
import type { Manifest } from '../providers/provider.ts';
import { LARGE_BYTES } from './steps.ts';

let harness: Harness | undefined;
afterEach(() => harness?.close());

interface Sent {
  readonly call: UpstreamCall;
  readonly sink: UpstreamSink;
  resumed: number;
  aborted: boolean;
}

/** A Claude client in front of a Chat upstream that the test plays. */
function play(text: string, stream: boolean): { readonly reply: FakeReply; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const executor = {
    send(call: UpstreamCall, sink: UpstreamSink) {
      const one: Sent = { call, sink, resumed: 0, aborted: false };
      sent.push(one);
      return { resume: () => one.resumed++, abort: () => (one.aborted = true) };
    },
  };
  harness = createHarness({ executor });
  harness.targets = [target('http://127.0.0.1:9')];
  const messages = [{ role: 'user', content: text }];
  const reply = harness.begin({ codec: anthropicMessages }, { model: 'm', max_tokens: 9, stream, messages });
  return { reply, sent };
}

function answering(stream: boolean): { readonly reply: FakeReply; readonly one: Sent } {
  const { reply, sent } = play('hi', stream);
  const [one] = sent;
  if (one === undefined) throw new Error('a small request is sent at once');
  one.sink.head(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
  return { reply, one };
}

const geminiEndpoint: Pick<Manifest, 'endpoints'> = {
  endpoints: [{ dialect: 'gemini', path: '/g/{model}:generateContent', countTokensPath: '/g/{model}:countTokens' }],
};

const endOfTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** How many turns of the event loop go by until the reply has ended. */
async function turnsUntil(isDone: () => boolean): Promise<number> {
  let turns = 0;
  for (; !isDone(); turns++) {
    if (turns > 1000) throw new Error('it never ends');
    await nextTurn();
  }
  return turns;
}

const line = (delta: object, finish_reason: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'x', model: 'm', created: 1, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const filler = 'x'.repeat(900);
const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
/** Some 500 KB. */
const texts = range(500).map((index) => line({ content: `<${index}>${filler}` }));
const wanted = range(500).map((index) => `<${index}>${filler}`);
const stop = `${line({}, 'stop')}data: [DONE]\n\n`;

function textOf(reply: FakeReply): string {
  return [...reply.text().matchAll(/"text_delta","text":"([^"]*)"/g)].map(([, text]) => text).join('');
}

describe('a large request', () => {
  const large = 'y'.repeat(2 * LARGE_BYTES);

  test('goes on some turns later, and whole', async () => {
    const { sent } = play(large, false);
    expect(sent).toEqual([]);
    expect(await turnsUntil(() => sent.length > 0)).toBeGreaterThan(2);
    expect(JSON.parse(String(sent[0]?.call.body)).messages).toEqual([{ role: 'user', content: large }]);
  });

  test('goes nowhere when the client is gone meanwhile', async () => {
    const { reply, sent } = play(large, false);
    await nextTurn();
    reply.leave();
    for (const _ of range(20)) await nextTurn();
    expect(sent).toEqual([]);
    expect(harness?.records.map(({ status }) => status)).toEqual([499]);
  });

  test('of many schemas takes more turns than one of text, also when its tokens are counted', async () => {
    const tools = range(20_000).map((index) => ({ name: `t${index}`, input_schema: { type: 'object' } }));
    const turnsOf = async (more: object, operation: 'generate' | 'count-tokens'): Promise<number> => {
      let sent: unknown;
      const executor = {
        send: ({ body }: UpstreamCall) => {
          sent = JSON.parse(String(body));
          return { resume() {}, abort() {} };
        },
      };
      harness = createHarness({ executor, codecs });
      harness.targets = [target('http://127.0.0.1:9', 'c1', { manifest: geminiEndpoint })];
      const messages = [{ role: 'user', content: large }];
      harness.begin({ codec: anthropicMessages, operation }, { model: 'm', max_tokens: 9, messages, ...more });
      const turns = await turnsUntil(() => sent !== undefined);
      await harness.close();
      return turns;
    };
    for (const operation of ['generate', 'count-tokens'] as const) {
      const plain = await turnsOf({}, operation);
      expect(await turnsOf({ tools }, operation)).toBeGreaterThan(plain + 2);
    }
  });

  test('that is no request is refused as a small one is', async () => {
    harness = createHarness();
    harness.targets = [target('http://127.0.0.1:9', 'c1', { manifest: claudeEndpoint })];
    const reply = await harness.ask({}, { ...chatBody, messages: 5, filler: large });
    expect([reply.status, reply.text()]).toEqual([400, expect.stringContaining('messages')]);
  });
});

describe('a large stream', () => {
  test.for([
    ['in one piece', [texts.join('') + stop]],
    ['event by event', [...texts, stop]],
  ] as const)('%s is whole, and others have their turn', async ([, pieces]) => {
    const { reply, one } = answering(true);
    // An upstream that listens to nobody.
    for (const piece of pieces) one.sink.data(Buffer.from(piece));
    one.sink.end();
    expect(await turnsUntil(() => reply.ended)).toBeGreaterThan(5);
    expect(textOf(reply)).toBe(wanted.join(''));
    expect(reply.text()).toContain('message_stop');
    expect(harness?.records.map(({ status }) => status)).toEqual([200]);
  });

  test('is held back during the rest, and asked for afterwards', async () => {
    const { reply, one } = answering(true);
    expect(one.sink.data(Buffer.from(texts.slice(0, 100).join('')))).toBe(true);
    await endOfTick();
    expect(one.sink.data(Buffer.from(texts[100] ?? ''))).toBe(false);
    await turnsUntil(() => one.resumed > 0);
    expect(textOf(reply)).toBe(wanted.slice(0, 101).join(''));
    expect(one.sink.data(Buffer.from(stop))).toBe(true);
    one.sink.end();
    await reply.done;
    expect(reply.text()).toContain('message_stop');
  });

  test('of a client that is behind is asked for when the client takes data again', async () => {
    const { reply, one } = answering(true);
    reply.accepting = false;
    one.sink.data(Buffer.from(texts.join('')));
    for (const _ of range(30)) await nextTurn();
    expect([one.resumed, textOf(reply)]).toEqual([0, wanted.join('')]);
    reply.drain();
    expect(one.resumed).toBe(1);
  });

  test('that breaks off during the rest: what came before is with the client', async () => {
    const { reply, one } = answering(true);
    one.sink.data(Buffer.from(texts.join('')));
    await nextTurn();
    one.sink.error(new ProxyError('upstream_unreachable', 'gone'));
    await reply.done;
    expect(textOf(reply)).toBe(wanted.join(''));
    expect(reply.text()).toContain('event: error');
  });

  test('that nobody waits for any longer is not worked on', async () => {
    const { reply, one } = answering(true);
    one.sink.data(Buffer.from(texts.join('')));
    await endOfTick();
    reply.leave();
    const { writes } = reply;
    for (const _ of range(20)) await nextTurn();
    expect([one.aborted, reply.writes]).toEqual([true, writes]);
  });

  test('of calls that all end at its end is whole', async () => {
    const { reply, one } = answering(true);
    const calls = range(2000).map((index) => ({
      index,
      id: `c${index}`,
      type: 'function',
      function: { name: 'f', arguments: '{"a":1}' },
    }));
    for (const call of calls) one.sink.data(Buffer.from(line({ tool_calls: [call] })));
    one.sink.data(Buffer.from(`${line({}, 'tool_calls')}data: [DONE]\n\n`));
    one.sink.end();
    await reply.done;
    expect(reply.text().split('content_block_stop"').length - 1).toBe(2000);
    expect(reply.text()).toContain('message_stop');
  });
});

describe('a large whole answer', () => {
  const [choice] = [{ index: 0, message: { role: 'assistant', content: wanted.join('') }, finish_reason: 'stop' }];
  const body = Buffer.from(JSON.stringify({ ...chatAnswer, choices: [choice] }));

  test.for([false, true])('is translated in parts, for a client that wants a stream: %s', async (stream) => {
    const { reply, one } = answering(stream);
    one.sink.data(body);
    one.sink.end();
    expect(await turnsUntil(() => reply.ended)).toBeGreaterThan(2);
    expect(stream ? textOf(reply) : JSON.parse(reply.text()).content[0].text).toBe(wanted.join(''));
    expect(harness?.records.map(({ status, usage }) => [status, usage?.outputTokens])).toEqual([[200, 2]]);
  });

  test('that cannot be read is another attempt', async () => {
    const { reply, one } = answering(false);
    one.sink.data(Buffer.from(`{"choices":5,"filler":"${'x'.repeat(LARGE_BYTES)}"}`));
    one.sink.end();
    await reply.done;
    expect([reply.status, harness?.records[0]?.errorCode]).toEqual([502, 'upstream_invalid_response']);
  });

  test('of nobody who waits is not worked on', async () => {
    const { reply, one } = answering(false);
    one.sink.data(body);
    one.sink.end();
    reply.leave();
    for (const _ of range(20)) await nextTurn();
    expect(reply.writes).toBe(0);
    expect(harness?.records.map(({ status }) => status)).toEqual([499]);
  });
});
