/** The real pipeline with real codecs, and an upstream that is a function: thousands of requests a second. */
import { codecs } from '../../../src/dialects/index.ts';
import type { Executor, UpstreamCall } from '../../../src/executors/executor.ts';
import type { Manifest } from '../../../src/providers/provider.ts';
import { dialects } from '../../conformance/model.ts';
import { createHarness, type FakeReply, type Harness, target } from '../../support/pipeline-harness.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';

/** What an upstream answers: the type of its content, and its bytes. */
export interface PlayedAnswer {
  readonly type: 'application/json' | 'text/event-stream';
  readonly text: string;
}

/** One request's outcome. */
export interface Outcome {
  readonly reply: FakeReply;
  /** The `code` of the error; undefined: none. */
  readonly code: string | undefined;
  readonly cause: unknown;
  readonly path: string | undefined;
  /** What the upstream was sent. */
  readonly sent: string | undefined;
}

/** A gateway in front of one upstream. */
export interface Lane {
  ask(client: UpstreamDialect, body: Wire | string, stream?: boolean): Promise<Outcome>;
  /** What the upstream answers from now on. */
  answer: PlayedAnswer;
  /** The work of one request up to the call, and no further. */
  prepare(client: UpstreamDialect, body: string, stream?: boolean): void;
  close(): Promise<void>;
}

const endpoints: Readonly<Record<UpstreamDialect, Manifest['endpoints'][number]>> = {
  'openai-chat': { dialect: 'openai-chat', path: '/v1/chat/completions' },
  'openai-responses': { dialect: 'openai-responses', path: '/v1/responses' },
  'anthropic-messages': { dialect: 'anthropic-messages', path: '/v1/messages' },
  gemini: { dialect: 'gemini', path: '/v1beta/models/{model}:generateContent' },
};

/** Opens a gateway whose only upstream speaks that dialect. */
export function openLane(upstream: UpstreamDialect, answer: PlayedAnswer): Lane {
  let sent: string | undefined;
  /** The upstream never answers. */
  let silent = false;
  const executor: Executor = {
    send(call: UpstreamCall, sink) {
      sent = String(call.body);
      if (silent) return { resume() {}, abort() {} };
      queueMicrotask(() => {
        sink.head(200, { 'content-type': lane.answer.type });
        sink.data(Buffer.from(lane.answer.text));
        // The end of a real answer comes in a later turn than its bytes.
        setImmediate(() => sink.end());
      });
      return { resume() {}, abort() {} };
    },
  };
  const harness: Harness = createHarness({ executor, codecs });
  // Another name than the client's, so that a body in the upstream's own dialect is changed as well.
  harness.targets = [
    target('http://127.0.0.1:9', 'c1', { manifest: { endpoints: [endpoints[upstream]] }, model: 'up' }),
  ];
  const exchangeOf = (client: UpstreamDialect, stream: boolean) => {
    const codec = codecs.get(client);
    if (codec === undefined) throw new Error(`no codec for ${client}`);
    return {
      codec,
      urlModel: client === 'gemini' ? 'm' : undefined,
      urlStream: client === 'gemini' ? stream : undefined,
    };
  };
  const lane: Lane = {
    answer,
    async ask(client, body, stream = false) {
      sent = undefined;
      silent = false;
      const text = typeof body === 'string' ? body : textOf(body);
      const reply = await harness.ask(exchangeOf(client, stream), text);
      const record = harness.records.at(-1);
      harness.records.length = 0;
      return { reply, code: record?.errorCode, cause: record?.error?.cause, path: record?.error?.path, sent };
    },
    prepare(client, body, stream = false) {
      silent = true;
      harness.begin(exchangeOf(client, stream), body);
    },
    close: () => harness.close(),
  };
  return lane;
}

/** JSON that says infinity as `1e999`, where `JSON.stringify` says null. */
export function textOf(body: Wire): string {
  const marked = (_: string, value: unknown): unknown =>
    value === Number.POSITIVE_INFINITY ? '@1e999@' : value === Number.NEGATIVE_INFINITY ? '@-1e999@' : value;
  return JSON.stringify(body, marked).replace(/"@(-?1e999)@"/g, '$1');
}

/** A gateway for each upstream dialect. */
export function openLanes(
  answers: Readonly<Record<UpstreamDialect, PlayedAnswer>>,
): ReadonlyMap<UpstreamDialect, Lane> {
  return new Map(dialects.map((dialect) => [dialect, openLane(dialect, answers[dialect])]));
}
