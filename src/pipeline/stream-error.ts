import type { ReplyContext } from '../dialects/codec.ts';
import type { ProxyError } from '../errors.ts';
import type { GenerationRequest } from '../ir/index.ts';
import type { Job } from './job.ts';

/** An error as the client's dialect tells it in a stream of which only keep-alives, or passed-on bytes, were sent. */
export function streamError(job: Job, error: ProxyError, passedOn?: ReplyContext['passedOn']): string {
  const { model, request, nowS, newId, framing } = errorContext(job);
  const context = { model, request, nowS, newId, framing, ...(passedOn === undefined ? {} : { passedOn }) };
  return job.exchange.codec.createStreamEncoder(context).fail(error);
}

/** The request may be one that passed through and that only the upstream understands. */
function errorContext(job: Job): ReplyContext {
  try {
    return job.replyContext();
  } catch {
    const { clock, newId } = job.options;
    const nowS = Math.floor(clock.now() / 1000);
    return { model: job.model, request: unread(job), nowS, newId, framing: job.exchange.framing };
  }
}

function unread({ model, stream }: Job): GenerationRequest {
  return { model, stream, messages: [], tools: [], sampling: {}, extensions: {} };
}
