import { emptyUsage, type GenerationEvent } from '../ir/index.ts';
import type { Job } from './job.ts';
import { replyHeaders } from './reply-head.ts';

/** Nothing was said: an answer's beginning and end. */
const NOTHING: readonly GenerationEvent[] = [
  { type: 'response-start', id: '', model: '' },
  { type: 'candidate-end', candidate: 0, finishReason: 'stop' },
  { type: 'response-end', usage: emptyUsage },
];

/**
 * Answers a request that wants nothing generated for an upstream that has no such thing: an empty response with zero
 * usage, which the next request can continue.
 */
export function answerWarmUp(job: Job): void {
  const { reply, codec } = job.exchange;
  const encoder = codec.createStreamEncoder(job.replyContext());
  const text = NOTHING.map((event) => encoder.push(event)).join('');
  reply.head(200, replyHeaders(job, 'text/event-stream', true, {}, []));
  job.firstByte();
  reply.end(text);
  job.finish(200, undefined, undefined);
}
