import type { Usage } from '../../ir/index.ts';
import { objectsOfKeyFromEnd } from '../../ir/json-scan.ts';
import type { StreamTail } from '../codec.ts';
import { decodeUsage } from './usage.ts';

/** See {@link UpstreamCodec.readStreamTail}. Quotes inside strings are escaped, so these patterns match structure only. */
export function readStreamTail(head: string, tail: string): StreamTail {
  const complete = /(?:^|[\r\n])data: ?\[DONE\]/.test(tail) || /"finish_reason"\s*:\s*"/.test(tail);
  const usage = readResponseUsage(tail) ?? readResponseUsage(head);
  return { complete, ...(usage !== undefined && { usage }) };
}

/** The last `"usage": {...}` in a text. */
export function readResponseUsage(text: string): Usage | undefined {
  const [usage] = objectsOfKeyFromEnd(text, 'usage');
  return usage === undefined ? undefined : decodeUsage(usage);
}
