import type { Usage } from '../../ir/index.ts';
import { objectsOfKeyFromEnd } from '../../ir/json-scan.ts';
import type { StreamTail } from '../codec.ts';
import { decodeUsage } from './usage.ts';

/** Inside a JSON string the quotes would be escaped, so text of an answer that talks about this is not taken for it. */
const TERMINAL = /"(?:finishReason|blockReason)"\s*:\s*"[A-Z_]+"/;

/** See {@link UpstreamCodec.answerBegins}. */
export const answerBegins: RegExp = /"(?:candidates|promptFeedback|prompt_feedback)"/;

/** What the first and last few KB of a passed-through stream say. */
export function readStreamTail(head: string, tail: string): StreamTail {
  const usage = readResponseUsage(tail) ?? readResponseUsage(head);
  const complete = TERMINAL.test(tail) || TERMINAL.test(head);
  return usage === undefined ? { complete } : { complete, usage };
}

/** The last readable `usageMetadata` of a text that may start or end anywhere. */
export function readResponseUsage(text: string): Usage | undefined {
  const [metadata] = objectsOfKeyFromEnd(text, 'usageMetadata');
  return metadata === undefined ? undefined : decodeUsage(metadata);
}
