/** Tool names of other dialects that the Responses API refuses: over 64 characters, or with dots and colons. */
import type { GenerationRequest } from '../../ir/index.ts';
import { plainNameRule, replacedToolNames } from '../../ir/tool-name-map.ts';
import { isOwnRequest } from './request-settings.ts';

const rule = plainNameRule(64);

/** Wire name -> the client's, for the tools whose name must change; this dialect's own names are valid. */
export function toolNames(request: GenerationRequest): ReadonlyMap<string, string> {
  return isOwnRequest(request) ? new Map() : replacedToolNames(request, rule);
}
