import { invalidRequest, ProxyError } from '../errors.ts';
import { SseParser } from '../framing/sse.ts';
import type { JsonObject } from '../ir/index.ts';
import { parseJsonObject } from '../ir/read.ts';
import type { Reply } from '../pipeline/exchange.ts';
import { REQUEST_ID_HEADER } from '../pipeline/reply-headers.ts';
import { BackgroundReply } from './background-reply.ts';
import { sendJson } from './send-json.ts';
import { editBody } from './state-request.ts';
import { run, type Turn, type TurnOptions } from './turn.ts';

/** After its end a run stays here this long, for clients that come back to its stream. */
const LINGER_MS = 300_000;
/** More runs at the same time are refused: each holds its answer in memory. */
const MAX_RUNS = 256;

interface Run {
  readonly owner: string;
  readonly reply: BackgroundReply;
  readonly stream: boolean;
  readonly request: Buffer;
  readonly previousId: string | undefined;
  /** What a client that asks meanwhile is told. */
  snapshot: JsonObject;
  ended: boolean;
}

/** Responses that are made in the background by this process. */
export class BackgroundRuns {
  readonly #runs = new Map<string, Run>();

  /** Answers at once and goes on without the client. Throws ProxyError for a request that cannot run so. */
  start(options: TurnOptions, turn: Turn): void {
    const { request, exchange } = turn;
    if (!request.store) throw invalidRequest('store', 'a background response is always stored');
    const active = [...this.#runs.values()].filter((one) => !one.ended).length;
    if (active >= MAX_RUNS)
      throw new ProxyError('model_cooldown', `${MAX_RUNS} responses run in the background already`);
    const id = options.newId('resp_');
    const snapshot = queued(id, options, turn);
    const reply = new BackgroundReply((answer, status) => this.#end(options, id, one, answer, status));
    const one: Run = {
      owner: exchange.principal ?? '',
      reply,
      stream: request.stream,
      request: exchange.body,
      previousId: turn.expanded ? request.previousId : undefined,
      snapshot,
      ended: false,
    };
    this.#runs.set(id, one);
    this.#save(options, one);
    const members = { id: JSON.stringify(id), background: 'true' };
    const alone = { ...turn, body: editBody(turn.body, {}, ['background']) };
    if (request.stream) this.#stream(one, exchange.reply, exchange.requestId, -1);
    else sendJson(exchange.reply, snapshot, exchange.requestId);
    one.snapshot = { ...snapshot, status: 'in_progress' };
    run(options, alone, reply, members);
  }

  /** What is known of a run under way; undefined when there is none of this id. */
  find(owner: string, id: string): JsonObject | undefined {
    const one = this.#runs.get(id);
    return one === undefined || one.owner !== owner || one.ended ? undefined : one.snapshot;
  }

  /** Follows the stream of a run from behind an event. False when there is no such stream here any more. */
  follow(owner: string, id: string, reply: Reply, requestId: string, after: number): boolean {
    const one = this.#runs.get(id);
    if (one === undefined || one.owner !== owner || !one.stream) return false;
    this.#stream(one, reply, requestId, after);
    return true;
  }

  /** Ends a run; the response that the client is told. Undefined when none is under way. */
  cancel(options: TurnOptions, owner: string, id: string): JsonObject | undefined {
    const one = this.#runs.get(id);
    if (one === undefined || one.owner !== owner || one.ended) return undefined;
    one.ended = true;
    this.#runs.delete(id);
    one.snapshot = { ...one.snapshot, status: 'cancelled' };
    one.reply.close();
    this.#save(options, one);
    return one.snapshot;
  }

  /** Forgets a run and ends it. */
  forget(owner: string, id: string): void {
    const one = this.#runs.get(id);
    if (one?.owner !== owner) return;
    one.ended = true;
    this.#runs.delete(id);
    one.reply.close();
  }

  /** Ends every run; what is stored of it says that it was not completed. */
  close(): void {
    for (const one of this.#runs.values()) {
      one.ended = true;
      one.reply.close();
    }
    this.#runs.clear();
  }

  #stream(one: Run, reply: Reply, requestId: string, after: number): void {
    reply.head(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      [REQUEST_ID_HEADER]: requestId,
    });
    const parser = new SseParser();
    const stop = one.reply.follow({
      bytes(chunk) {
        const text = eventsAfter(parser, chunk, after);
        if (text !== '' && !reply.closed) reply.write(text);
      },
      end() {
        if (reply.closed) return;
        if (one.snapshot['status'] === 'failed') reply.write(failedEvent(one.snapshot));
        reply.end();
      },
    });
    reply.onClose(stop);
  }

  #end(options: TurnOptions, id: string, one: Run, answer: Buffer, status: number): void {
    if (one.ended) return;
    one.ended = true;
    // A stored answer has replaced the first entry already; a refusal has not.
    if (status !== 200) {
      one.snapshot = failed(one.snapshot, answer);
      this.#save(options, one);
    }
    const timer = setTimeout(() => this.#runs.delete(id), LINGER_MS);
    timer.unref();
  }

  #save(options: TurnOptions, { owner, previousId, request, snapshot }: Run): void {
    void options.archive.save({
      owner,
      previousId,
      credentialId: undefined,
      model: String(snapshot['model']),
      createdAtMs: options.clock.now(),
      request,
      answer: Buffer.from(JSON.stringify(snapshot)),
    });
  }
}

function queued(id: string, options: TurnOptions, { request }: Turn): JsonObject {
  return {
    id,
    object: 'response',
    created_at: Math.floor(options.clock.now() / 1000),
    status: 'queued',
    background: true,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: request.model,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: request.previousId ?? null,
    store: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: null,
  };
}

function failed(snapshot: JsonObject, answer: Buffer): JsonObject {
  const error = parseJsonObject(answer.toString('utf8'))?.['error'];
  const said = typeof error === 'object' && error !== null && 'message' in error ? error['message'] : undefined;
  const message = typeof said === 'string' ? said : 'the provider did not answer';
  return { ...snapshot, status: 'failed', error: { code: 'server_error', message } };
}

function failedEvent(response: JsonObject): string {
  const type = 'response.failed';
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 0, response })}\n\n`;
}

function eventsAfter(parser: SseParser, chunk: Buffer, after: number): string {
  let text = '';
  for (const { event, data } of parser.push(chunk)) {
    const number = parseJsonObject(data)?.['sequence_number'];
    if (typeof number === 'number' && number <= after) continue;
    text += `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`;
  }
  return text;
}
