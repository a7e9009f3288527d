import type { Job } from './job.ts';
import { replyHeaders } from './reply-head.ts';

/** An SSE comment: readers skip it. */
const COMMENT = ': keep-alive\n\n';

/** What keeps a silent answer open, where no event or value is half written. `begun`: some of the answer is sent. */
export function keepAliveText({ stream, exchange }: Job, begun: boolean): string {
  // White space is allowed between the values of JSON.
  if (!stream || exchange.framing === 'json-array') return '\n';
  return begun ? (exchange.codec.keepAlive ?? COMMENT) : COMMENT;
}

/**
 * Writes to a client that has heard nothing for a while. Before the answer began the head goes out with it: further
 * attempts may still answer, but an error can then only be told in the body.
 */
export function sendKeepAlive(job: Job): void {
  const { reply, framing } = job.exchange;
  if (reply.keepAlive === undefined || reply.closed || job.isBehind) return;
  const writer = job.attempt?.writer;
  const text = writer?.keepAlive() ?? keepAliveText(job, false);
  if (writer?.outbox.holding === true) {
    // The announcement of an answer says more than a comment.
    writer.outbox.holding = false;
    writer.outbox.flush();
  } else if (text !== '') {
    if (!reply.headSent) {
      const type = job.stream && framing === 'sse' ? 'text/event-stream' : 'application/json';
      reply.head(200, replyHeaders(job, type, job.stream, {}, job.warnings));
    }
    reply.keepAlive(text);
  }
}
