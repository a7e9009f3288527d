/** One request through the whole pipeline to a Responses upstream of a provider, over real sockets. */
import type { ServerResponse } from 'node:http';
import type { Codec } from '../../src/dialects/codec.ts';
import { codecs } from '../../src/dialects/index.ts';
import type { FinishedExchange } from '../../src/pipeline/options.ts';
import { codex } from '../../src/providers/codex/index.ts';
import type { Manifest } from '../../src/providers/provider.ts';
import { createHarness, startUpstream, target } from '../support/pipeline-harness.ts';
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';
import { completed } from './responses-events.ts';
import { sse } from './through.ts';

/** What is asked, and what the upstream answers. */
export interface Asked {
  readonly body: Wire;
  readonly client?: UpstreamDialect;
  readonly provider?: Manifest;
  readonly headers?: Readonly<Record<string, string>>;
  /** One answer for each attempt; the last one for all that follow. Default: an empty answer. */
  readonly answers?: readonly Answer[];
  readonly credentials?: number;
}

/** An answer of the upstream: events, a whole body, or something that the test does itself. */
export type Answer =
  | { readonly events: readonly Wire[] }
  | { readonly status: number; readonly body: Wire; readonly headers?: Readonly<Record<string, string>> }
  | { answer(response: ServerResponse): void };

/** What went to the upstream, and what came of it. */
export interface Outcome {
  readonly sent: readonly {
    readonly path: string;
    readonly headers: Wire;
    readonly text: string;
    readonly body: Wire;
  }[];
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly record: FinishedExchange | undefined;
  readonly pool: readonly string[];
}

const nothing: Answer = { status: 200, body: completed().response };

function codecOf(dialect: UpstreamDialect): Codec {
  const codec = codecs.get(dialect);
  if (codec === undefined) throw new Error(`no codec for ${dialect}`);
  return codec;
}

function write(response: ServerResponse, answer: Answer): void {
  if ('answer' in answer) answer.answer(response);
  else if ('events' in answer) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(sse('openai-responses', answer.events));
  } else {
    response
      .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
      .end(JSON.stringify(answer.body));
  }
}

/** Asks once; `body` as text goes as it is. */
export async function ask(asked: Asked): Promise<Outcome> {
  const { answers = [nothing], client = 'openai-responses', credentials = 1, provider = codex } = asked;
  let attempt = 0;
  const upstream = await startUpstream((_request, response) => {
    write(response, answers[Math.min(attempt++, answers.length - 1)] ?? nothing);
  });
  const harness = createHarness({ codecs });
  harness.targets = Array.from({ length: credentials }, (_, index) =>
    target(upstream.origin, `c${index + 1}`, { manifest: provider }),
  );
  try {
    const reply = await harness.ask({ codec: codecOf(client), headers: asked.headers ?? {} }, asked.body);
    return {
      sent: upstream.requests.map(({ path, headers, body }) => ({ path, headers, text: body, body: JSON.parse(body) })),
      status: reply.status,
      headers: reply.headers,
      text: reply.text(),
      record: harness.records[0],
      pool: harness.pool.log,
    };
  } finally {
    await harness.close();
    await upstream.close();
  }
}

/** True when a Responses client's body reaches the upstream byte for byte. */
export async function passes(body: Wire, headers: Readonly<Record<string, string>> = {}): Promise<boolean> {
  const text = JSON.stringify({ model: 'm', ...body }, null, 1);
  const { sent } = await ask({ body: text, headers });
  return sent[0]?.text === text;
}
