import type { GenerationRequest } from '../../ir/index.ts';
import { plainNameRule, replacedToolNames } from '../../ir/tool-name-map.ts';

const rule = plainNameRule(128);

/** Names that Claude refuses (Gemini allows dots and colons), by the name sent instead: wire name -> the client's. */
export function toolNames(request: GenerationRequest): ReadonlyMap<string, string> {
  return replacedToolNames(request, rule);
}
