import { emptyUsage, type Usage } from '../../ir/index.ts';
import { firstObjectOfKey, objectsOfKeyFromEnd } from '../../ir/json-scan.ts';
import type { StreamTail } from '../codec.ts';
import { decodeUsage, mergeUsage } from './wire.ts';

// Inside content these words stand between escaped quotes, so neither form can be the model's text.
const STOP = /^event: ?message_stop\s*$|"type"\s*:\s*"message_stop"/m;

/** See {@link UpstreamCodec.answerBegins}. */
export const answerBegins: RegExp =
  /content_block_delta|message_delta|message_stop|"type"\s*:\s*"\w*tool_(?:use|result)"/;

/** Whether a passed-through stream came to its end, and its usage: message_start overlaid by the last message_delta. */
export function readStreamTail(head: string, tail: string): StreamTail {
  const first = firstObjectOfKey(head, 'usage');
  const [last] = objectsOfKeyFromEnd(tail, 'usage');
  const complete = STOP.test(tail);
  if (first === undefined && last === undefined) return { complete };
  const usage = first === undefined ? emptyUsage : decodeUsage(first);
  return { complete, usage: last === undefined ? usage : mergeUsage(usage, last) };
}

/** The usage of a whole answer, or of its last part. */
export function readResponseUsage(text: string): Usage | undefined {
  // The last one that looks like it: arguments of a tool call may have a key of this name.
  for (const usage of objectsOfKeyFromEnd(text, 'usage')) {
    if (typeof usage['output_tokens'] === 'number') return decodeUsage(usage);
  }
  return undefined;
}
