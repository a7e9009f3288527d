import type { StreamTail } from '../codec.ts';
import { findUsage } from './usage.ts';

const TERMINAL =
  /^event: ?(?:response\.(?:completed|incomplete|failed|done)|error)\r?$|"type"\s*:\s*"(?:response\.(?:completed|incomplete|failed|done)|error)"/m;

/** Lines that say nothing of the answer. */
const NOTHING = /^(?::|data:\s*(?:\[DONE\]|$)|event: ?done\s*$)/;

/** See {@link UpstreamCodec.answerBegins}. */
export const answerBegins: RegExp =
  /"response\.(?!(?:created|in_progress|queued|output_item\.added|content_part\.added|reasoning_summary_part\.added)")/;

/** Whether a passed-through stream reached its terminal event, and the usage in it. */
export function readStreamTail(_head: string, tail: string): StreamTail {
  const usage = findUsage(tail);
  // The terminal event repeats instructions, tools and output, so its `type` may lie before the tail. Only terminal
  // events carry a usage object, and it stands near their end.
  const complete = (usage !== undefined || TERMINAL.test(tail)) && lastLine(tail).endsWith('}');
  return usage === undefined ? { complete } : { complete, usage };
}

/** Without comments, empty events, and the marks with which other dialects' streams end. */
function lastLine(tail: string): string {
  const lines = tail.split(/\r?\n|\r/);
  return lines.findLast((line) => line.trim() !== '' && !NOTHING.test(line))?.trimEnd() ?? '';
}
