import { History, type ResolvedTurn } from '../../conversation/history.ts';
import { withoutLostIds } from '../../conversation/transcript.ts';
import type { ClientCodec } from '../../dialects/codec.ts';
import { ProxyError, toProxyError } from '../../errors.ts';
import { findMember, type ScannedObject } from '../../json-splice.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Exchange, RequestHeaders, SocketSession } from '../../pipeline/exchange.ts';
import { bodyTooLarge } from '../body.ts';
import { laneOfFrame, type RequestFrame, readClientFrame } from './client-frame.ts';
import { type Lane, Lanes, MAX_WAITING } from './lane.ts';
import { frameOfError } from './server-frame.ts';
import { type AnswerEnd, type FrameSink, SocketReply } from './socket-reply.ts';
import { incrementOf, wholeBody, withSettingsOf } from './turn-body.ts';

/** What a session needs of the server. */
export interface SessionOptions {
  readonly codec: ClientCodec;
  handle(exchange: Exchange): void;
  newRequestId(): string;
  readonly bodyLimitBytes: number;
  readonly logger: Logger;
}

/** A client's connection as a session sees it. */
export interface SessionSocket extends FrameSink {
  close(code: number, reason: string): void;
}

/** Whose session it is. */
export interface SessionOwner {
  readonly headers: RequestHeaders;
  readonly principal: string | undefined;
}

/** Close codes of RFC 6455 and the IANA registry. */
const GOING_AWAY = 1001;
const TOO_BIG = 1009;

/** One client's Responses WebSocket: each request becomes an exchange, and each builds on what went before. */
export class ResponsesSession {
  readonly #options: SessionOptions;
  readonly #owner: SessionOwner;
  readonly #socket: SessionSocket;
  readonly #lanes = new Lanes();
  readonly #history: History;
  readonly #upstream: SocketSession = { credentialId: undefined, release: undefined };
  #draining = false;

  constructor(options: SessionOptions, owner: SessionOwner, socket: SessionSocket) {
    this.#options = options;
    this.#owner = owner;
    this.#socket = socket;
    this.#history = new History({ maxBytes: 2 * options.bodyLimitBytes });
  }

  /** Takes a frame of the client. */
  receive(bytes: Buffer, isBinary: boolean): void {
    try {
      if (isBinary) throw new ProxyError('invalid_request', 'binary frames are not understood here; send JSON as text');
      this.#take(bytes);
    } catch (thrown) {
      this.#refuse(toProxyError(thrown), laneOrNone(bytes));
    }
  }

  /** The client is gone. */
  closed(): void {
    for (const lane of this.#lanes.all()) {
      lane.waiting.length = 0;
      lane.running?.cancel();
    }
    this.#upstream.release?.();
  }

  /** Takes nothing new, and closes when what is under way has ended. */
  drain(): void {
    this.#draining = true;
    this.#closeIfDone();
  }

  #take(bytes: Buffer): void {
    const frame = readClientFrame(bytes);
    switch (frame.kind) {
      case 'request':
        this.#enqueue(frame.request);
        return;
      case 'steer':
        this.#refuseSteering(frame.previousResponseId, frame.input);
        return;
      case 'processed':
        return;
    }
  }

  #enqueue(frame: RequestFrame): void {
    if (this.#draining) throw new ProxyError('shutting_down', 'llmproxy is shutting down; connect again');
    const lane = this.#lanes.open(frame.streamId);
    if (lane === undefined) throw new ProxyError('invalid_request', 'too many responses at once on this connection');
    if (lane.running === undefined) this.#run(lane, frame);
    else if (frame.streamId === undefined) throw alreadyRunning();
    else if (lane.waiting.length >= MAX_WAITING) throw new ProxyError('invalid_request', 'too many requests wait');
    else lane.waiting.push(frame);
  }

  #run(lane: Lane, frame: RequestFrame): void {
    const object = withSettingsOf(lane.settings, frame);
    const turn = this.#history.resolve({
      input: frame.input,
      previousResponseId: frame.previousResponseId,
      lastResponseId: lane.lastResponseId,
      continues: frame.kind === 'append',
    });
    // Not a response of this connection: perhaps a stored one.
    const elsewhere = turn === undefined ? (frame.previousResponseId ?? lane.lastResponseId) : undefined;
    const body = wholeBody(object, turn?.changed === true ? turn.items : undefined, elsewhere);
    if (body.length > this.#options.bodyLimitBytes) {
      this.#refuse(bodyTooLarge(this.#options.bodyLimitBytes), frame.streamId);
      this.#socket.close(TOO_BIG, 'the request with its history is over the body limit');
      return;
    }
    lane.settings = object;
    const { codec } = this.#options;
    const reply = new SocketReply(codec, this.#socket, frame.streamId, (end) =>
      this.#finished(lane, turn, body.length, end),
    );
    lane.running = reply;
    this.#options.handle(this.#exchange(frame, object, turn, body, reply));
  }

  #exchange(
    frame: RequestFrame,
    object: ScannedObject,
    turn: ResolvedTurn | undefined,
    body: Buffer,
    reply: SocketReply,
  ): Exchange {
    const requestId = this.#options.newRequestId();
    if (turn !== undefined && turn.dropped.length > 0) {
      const fields = { requestId, callIds: turn.dropped };
      this.#options.logger.warn(fields, 'left out tool outputs whose call this connection has never seen');
    }
    const previous = turn === undefined || turn.replaced ? undefined : turn.previousResponseId;
    return {
      requestId,
      operation: 'generate',
      codec: this.#options.codec,
      headers: this.#owner.headers,
      body,
      urlModel: undefined,
      urlStream: undefined,
      framing: 'sse',
      principal: this.#owner.principal,
      reply,
      turn: {
        session: this.#upstream,
        warmUp: frame.warmUp,
        increment: previous === undefined ? undefined : incrementOf(object, previous),
      },
    };
  }

  #finished(lane: Lane, turn: ResolvedTurn | undefined, bodyBytes: number, end: AnswerEnd): void {
    lane.running = undefined;
    if (end.usable && end.responseId !== undefined) {
      lane.lastResponseId = end.responseId;
      if (turn !== undefined) {
        const output = isUnstored(lane.settings) ? withoutLostIds(end.output) : end.output;
        this.#history.add(end.responseId, { input: turn.items, output }, bodyBytes);
      }
    }
    if (end.status === 413) this.#socket.close(TOO_BIG, 'message too big');
    else this.#next(lane);
    this.#closeIfDone();
  }

  #next(lane: Lane): void {
    const frame = lane.waiting.shift();
    if (frame === undefined) return;
    try {
      this.#run(lane, frame);
    } catch (thrown) {
      this.#refuse(toProxyError(thrown), frame.streamId);
      this.#next(lane);
    }
  }

  #refuse(error: ProxyError, streamId: string | undefined): void {
    const { logger, codec } = this.#options;
    if (error.status >= 500) logger.error({ code: error.code, error: error.cause ?? error }, error.message);
    else logger.debug({ code: error.code, status: error.status }, error.message);
    this.#socket.send(frameOfError(codec, error, streamId));
  }

  /** The official answer of a model that cannot be steered; the client then sends the input with its next request. */
  #refuseSteering(previousResponseId: string | undefined, input: unknown): void {
    const message = 'llmproxy does not steer running responses';
    const event = {
      type: 'response.steer.failed',
      sequence_number: 0,
      error: { type: 'invalid_request_error', code: 'steering_not_supported', message },
      steer: { previous_response_id: previousResponseId ?? null, input: input ?? null },
    };
    this.#socket.send(JSON.stringify(event));
  }

  #closeIfDone(): void {
    if (this.#draining && !this.#lanes.busy) this.#socket.close(GOING_AWAY, 'llmproxy is shutting down');
  }
}

/** The client asked for the response not to be stored. */
function isUnstored(request: ScannedObject | undefined): boolean {
  const store = request === undefined ? undefined : findMember(request, 'store');
  // A scanned value that starts with `f` can only be `false`.
  return store !== undefined && request?.bytes[store.valueStart] === 0x66;
}

function laneOrNone(bytes: Buffer): string | undefined {
  try {
    return laneOfFrame(bytes);
  } catch {
    return undefined;
  }
}

function alreadyRunning(): ProxyError {
  const message = 'this connection has a response in progress; wait for its end, or name another stream_id';
  return officialError('response_already_in_progress', 'type', message);
}

/** An error whose code clients know from OpenAI's own servers. */
function officialError(code: string, param: string, message: string): ProxyError {
  const upstream = { status: 400, type: 'invalid_request_error', code, param, message };
  return new ProxyError('invalid_request', message, { path: param, upstream });
}
