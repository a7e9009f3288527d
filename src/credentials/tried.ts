import type { Target } from '../routing/target.ts';
import { targetKey } from './pool.ts';

/** Whether a request may still try a target. */
export function isUntried(target: Target, tried: ReadonlySet<string>): boolean {
  return tried.size === 0 || !(tried.has(target.credential.id) || tried.has(targetKey(target)));
}
