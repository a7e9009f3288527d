import type { Usage } from '../../ir/index.ts';
import { objectsOfKeyFromEnd } from '../../ir/json-scan.ts';
import type { StreamTail } from '../codec.ts';
import { decodeUsage } from './usage.ts';

/** See {@link UpstreamCodec.answerBegins}: text that is not empty, a call, or the end. */
export const answerBegins: RegExp =
  /"(?:content|reasoning_content|reasoning|refusal|text)"\s*:\s*"(?!")|"(?:tool_calls|function_call|reasoning_details|audio|images)"\s*:\s*[[{]|"finish_reason"\s*:\s*"|\[DONE\]/;

const DONE = 'data: [DONE]\n\n';

/** See {@link UpstreamCodec.readStreamTail}. Quotes inside strings are escaped, so these patterns match structure only. */
export function readStreamTail(head: string, tail: string): StreamTail {
  const isDone = /(?:^|[\r\n])data: ?\[DONE\]/.test(tail);
  const complete = isDone || /"finish_reason"\s*:\s*"/.test(tail);
  const usage = readResponseUsage(tail) ?? readResponseUsage(head);
  return { complete, ...(complete && !isDone && { missing: DONE }), ...(usage !== undefined && { usage }) };
}

/** The last `"usage": {...}` in a text. */
export function readResponseUsage(text: string): Usage | undefined {
  const [usage] = objectsOfKeyFromEnd(text, 'usage');
  return usage === undefined ? undefined : decodeUsage(usage);
}
