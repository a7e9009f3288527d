import type { ProxyError } from '../errors.ts';
import type { UpstreamCall, UpstreamSink } from '../executors/executor.ts';
import type { Target } from '../routing/target.ts';
import type { UpstreamHeaders } from './answer-writer.ts';
import { writeErrorReply } from './error-reply.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineOptions } from './options.ts';
import { REQUEST_ID_HEADER } from './reply-headers.ts';
import { secretMaskOf } from './secret-mask.ts';
import { addressOf } from './upstream-call.ts';
import { upstreamHeaders } from './upstream-headers.ts';

/** What of an exchange a forwarded request needs: it has no body and generates nothing. */
export type ForwardedExchange = Pick<Exchange, 'headers' | 'reply' | 'codec' | 'requestId'>;

/** Sends requests about what a provider keeps to it, and its answers back as they are. */
export type Forward = (
  exchange: ForwardedExchange,
  target: Target,
  method: UpstreamCall['method'],
  path: string,
  /** Told the status once the answer is through. */
  done: (status: number) => void,
) => void;

/** Forwards with the executors of the pipeline. */
export function createForward({ executorFor, userAgent }: Pick<PipelineOptions, 'executorFor' | 'userAgent'>): Forward {
  return (exchange, target, method, path, done) => {
    const { origin, prefix } = addressOf(target.credential.baseUrl ?? target.provider.baseUrl);
    const headers = upstreamHeaders(target, exchange.headers, userAgent);
    const call = {
      method,
      origin,
      path: prefix + path,
      headers,
      body: undefined,
      proxyUrl: target.credential.proxyUrl,
    };
    const handle = executorFor(target.provider).send(call, new ForwardSink(exchange, target, done));
    exchange.reply.onClose(() => handle.abort());
    exchange.reply.onDrain(() => handle.resume());
  };
}

class ForwardSink implements UpstreamSink {
  readonly #exchange: ForwardedExchange;
  readonly #target: Target;
  readonly #done: (status: number) => void;
  #status = 0;

  constructor(exchange: ForwardedExchange, target: Target, done: (status: number) => void) {
    this.#exchange = exchange;
    this.#target = target;
    this.#done = done;
  }

  head(status: number, headers: UpstreamHeaders): void {
    this.#status = status;
    const type = headers['content-type'];
    const { reply, requestId } = this.#exchange;
    if (reply.closed) return;
    reply.head(status, {
      'content-type': typeof type === 'string' ? type : 'application/json',
      [REQUEST_ID_HEADER]: requestId,
    });
  }

  data(chunk: Buffer): boolean {
    secretMaskOf(this.#target.credential).bytes(chunk);
    return this.#exchange.reply.closed || this.#exchange.reply.write(chunk);
  }

  end(): void {
    if (!this.#exchange.reply.closed) this.#exchange.reply.end();
    this.#done(this.#status);
  }

  error(error: ProxyError): void {
    const { reply, codec, requestId } = this.#exchange;
    writeErrorReply(reply, codec, error, { [REQUEST_ID_HEADER]: requestId });
  }
}
