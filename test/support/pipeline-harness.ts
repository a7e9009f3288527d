/** A pipeline with real codecs and a real executor in front of a local upstream, and replies that tests can inspect. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { systemClock } from '../../src/clock.ts';
import type { CredentialPool, PickRequest } from '../../src/credentials/pool.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import type { Codec, UpstreamCodec } from '../../src/dialects/codec.ts';
import { gemini } from '../../src/dialects/gemini/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import type { ProxyError } from '../../src/errors.ts';
import type { Executor } from '../../src/executors/executor.ts';
import { HttpExecutor } from '../../src/executors/http-executor.ts';
import { createId } from '../../src/ids.ts';
import type { Exchange, Reply } from '../../src/pipeline/exchange.ts';
import { createPipeline, type Pipeline } from '../../src/pipeline/generate.ts';
import type { FinishedExchange, PipelineOptions, PipelineSettings } from '../../src/pipeline/options.ts';
import type { Manifest } from '../../src/providers/provider.ts';
import type { Target } from '../../src/routing/target.ts';
import { createDispatchers, type Dispatchers } from '../../src/upstream/client.ts';

export { credential, provider, target } from './test-target.ts';

export type UpstreamHandler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface LocalUpstream {
  readonly origin: string;
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: string }[];
  readonly sockets: Set<Socket>;
  close(): Promise<void>;
}

/** An HTTP server on a free loopback port. */
export async function startUpstream(handler: UpstreamHandler): Promise<LocalUpstream> {
  const requests: LocalUpstream['requests'] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      handler(request, response, body);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // cast: a TCP server's address is an AddressInfo once it listens
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    sockets,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A reply that keeps what was written. */
export class FakeReply implements Reply {
  headSent = false;
  closed = false;
  status = 0;
  headers: Record<string, string> = {};
  chunks: Buffer[] = [];
  writes = 0;
  ended = false;
  destroyed = false;
  /** What `write` answers: false plays a slow client. */
  accepting = true;
  readonly done: Promise<void>;
  #finish: () => void = () => {};
  #drain: (() => void) | undefined;
  #close: (() => void) | undefined;
  #onWrite: (() => void) | undefined;

  constructor() {
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  head(status: number, headers: Record<string, string>): void {
    if (this.headSent) throw new Error('head twice');
    this.headSent = true;
    this.status = status;
    this.headers = headers;
  }

  write(chunk: Buffer | string): boolean {
    if (!this.headSent || this.ended) throw new Error('write out of order');
    this.writes++;
    this.chunks.push(Buffer.from(chunk));
    this.#onWrite?.();
    return this.accepting;
  }

  end(chunk?: Buffer | string): void {
    if (!this.headSent || this.ended) throw new Error('end out of order');
    if (chunk !== undefined) this.chunks.push(Buffer.from(chunk));
    this.ended = true;
    this.#finish();
  }

  destroy(): void {
    this.destroyed = true;
    this.#finish();
  }

  onDrain(listener: () => void): void {
    this.#drain = listener;
  }

  onClose(listener: () => void): void {
    this.#close = listener;
  }

  /** The client takes data again. */
  drain(): void {
    this.accepting = true;
    this.#drain?.();
  }

  /** The client goes away. */
  leave(): void {
    this.closed = true;
    this.#close?.();
    this.#finish();
  }

  /** Resolves with the first write. */
  firstWrite(): Promise<void> {
    if (this.writes > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onWrite = resolve;
    });
  }

  text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  json(): unknown {
    return JSON.parse(this.text());
  }
}

/** A pool in the order of the targets; a failed credential cools down as long as the test says. */
export class FakePool implements CredentialPool {
  readonly log: string[] = [];
  readonly cooling: Set<string> = new Set();
  coolOnFailure = false;
  waitMs = 0;

  /** Attempts under way. */
  inFlight = 0;

  pick({ targets, tried }: PickRequest): Target | undefined {
    return targets.find(({ credential }) => !tried.has(credential.id) && !this.cooling.has(credential.id));
  }

  begun(_target: Target): void {
    this.inFlight++;
  }

  ended(_target: Target): void {
    this.inFlight--;
  }

  answered(): void {}

  forgiven(target: Target): void {
    this.log.push(`${target.credential.id} forgiven`);
    this.cooling.delete(target.credential.id);
  }

  succeeded(target: Target): void {
    this.log.push(`${target.credential.id} ok`);
  }

  failed(target: Target, error: ProxyError): void {
    this.log.push(`${target.credential.id} ${error.code}`);
    if (this.coolOnFailure) this.cooling.add(target.credential.id);
  }

  retryAfterMs(_targets: readonly Target[]): number {
    return this.waitMs;
  }
}

export interface HarnessOptions {
  readonly settings?: Partial<PipelineSettings>;
  readonly idleTimeoutMs?: number;
  readonly firstByteTimeoutMs?: number;
  readonly codecs?: ReadonlyMap<string, UpstreamCodec>;
  /** Takes the calls instead of the network. */
  readonly executor?: Executor;
  route?(model: string): readonly Target[];
  readonly renew?: NonNullable<PipelineOptions['renew']>;
}

export interface Harness {
  readonly pipeline: Pipeline;
  readonly pool: FakePool;
  readonly records: FinishedExchange[];
  readonly dispatchers: Dispatchers;
  targets: readonly Target[];
  /** Sends a request and waits for its reply to end. */
  ask(exchange?: Partial<Exchange>, body?: unknown): Promise<FakeReply>;
  /** Sends a request and returns at once. */
  begin(exchange?: Partial<Exchange>, body?: unknown): FakeReply;
  close(): Promise<void>;
}

export const codecs: ReadonlyMap<string, Codec> = new Map(
  [openaiChat, anthropicMessages, gemini].map((codec) => [codec.id, codec]),
);

export const chatBody: Readonly<Record<string, unknown>> = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };

/** A pipeline whose only dependency on the outside is the upstream its targets name. */
export function createHarness(options: HarnessOptions = {}): Harness {
  const dispatchers = createDispatchers();
  const executor = new HttpExecutor({
    dispatchers,
    ...(options.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: options.idleTimeoutMs }),
    ...(options.firstByteTimeoutMs === undefined ? {} : { firstByteTimeoutMs: options.firstByteTimeoutMs }),
  });
  const pool = new FakePool();
  const records: FinishedExchange[] = [];
  const settings: PipelineSettings = {
    strict: false,
    promptCaching: true,
    passthroughHeaders: false,
    requestRetry: 0,
    maxRetryCredentials: 0,
    maxRetryIntervalS: 0,
    bootstrapRetries: 0,
    streamKeepAliveMs: 0,
    wholeKeepAliveMs: 0,
    stallMs: 0,
    ...options.settings,
  };
  const harness: { targets: readonly Target[] } = { targets: [] };
  const wiring: PipelineOptions = {
    route: options.route ?? (() => harness.targets),
    pool,
    upstreamCodecs: options.codecs ?? codecs,
    executorFor: () => options.executor ?? executor,
    clock: systemClock,
    newId: createId,
    settings,
    random: () => 0,
    ...(options.renew === undefined ? {} : { renew: options.renew }),
    userAgent: 'llmproxy/test',
    onFinished: (record) => records.push(record),
  };
  const pipeline = createPipeline(wiring);
  function begin(exchange: Partial<Exchange> = {}, body: unknown = chatBody): FakeReply {
    const reply = new FakeReply();
    pipeline.handle({
      requestId: 'req-1',
      operation: 'generate',
      codec: openaiChat,
      headers: {},
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      urlModel: undefined,
      urlStream: undefined,
      framing: 'sse',
      principal: undefined,
      reply,
      ...exchange,
    });
    return reply;
  }
  return Object.assign(harness, {
    pipeline,
    pool,
    records,
    dispatchers,
    begin,
    async ask(exchange?: Partial<Exchange>, body?: unknown) {
      const reply = begin(exchange, body);
      await reply.done;
      return reply;
    },
    close: () => dispatchers.destroy(),
  });
}

/** The manifest changes that make a target speak Claude Messages. */
export const claudeEndpoint: Partial<Manifest> = {
  endpoints: [{ dialect: 'anthropic-messages', path: '/v1/messages', countTokensPath: '/v1/messages/count_tokens' }],
};

/** A chat completion stream: content pieces, a finish chunk with usage, and the end marker. */
export function chatStream(...pieces: string[]): string[] {
  const chunk = (choice: object, more: object = {}): string =>
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, ...choice }], ...more })}\n\n`;
  return [
    ...pieces.map((content) => chunk({ delta: { role: 'assistant', content }, finish_reason: null })),
    chunk({ delta: {}, finish_reason: 'stop' }, { usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }),
    'data: [DONE]\n\n',
  ];
}

/** A whole chat completion. */
export const chatAnswer: Readonly<Record<string, unknown>> = {
  id: 'x',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};

/** A Claude Messages stream with one text block. */
export function claudeStream(...pieces: string[]): string[] {
  const event = (value: { type: string }): string => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
  const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'up',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 3, output_tokens: 1 },
  };
  return [
    event(Object.assign({ type: 'message_start' }, { message })),
    event(block),
    ...pieces.map((text) =>
      event(Object.assign({ type: 'content_block_delta' }, { index: 0, delta: { type: 'text_delta', text } })),
    ),
    event(Object.assign({ type: 'content_block_stop' }, { index: 0 })),
    event(
      Object.assign(
        { type: 'message_delta' },
        { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } },
      ),
    ),
    event({ type: 'message_stop' }),
  ];
}
