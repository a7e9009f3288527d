import type { GenerationRequest } from '../../ir/index.ts';
import { replacedToolNames, type ToolNameRule } from '../../ir/tool-name-map.ts';

/** Gemini allows dots and colons, which Claude refuses. */
const rule: ToolNameRule = {
  valid: /^[a-zA-Z0-9_-]{1,128}$/,
  maxLength: 128,
  clean: (name) => name.replace(/[^a-zA-Z0-9_-]/g, '_') || '_',
};

/** Names that Claude refuses, by the name sent in their place: wire name -> the client's. */
export function toolNames(request: GenerationRequest): ReadonlyMap<string, string> {
  return replacedToolNames(request, rule);
}
