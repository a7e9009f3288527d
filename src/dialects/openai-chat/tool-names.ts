import type { GenerationRequest } from '../../ir/index.ts';
import { plainNameRule, replacedToolNames } from '../../ir/tool-name-map.ts';

const rule = plainNameRule(64);

/** Names that OpenAI refuses (other dialects allow longer ones, and dots), by the name sent instead: wire name -> the client's. */
export function toolNames(request: GenerationRequest): ReadonlyMap<string, string> {
  return replacedToolNames(request, rule);
}
