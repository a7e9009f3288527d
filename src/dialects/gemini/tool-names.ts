import type { GenerationRequest } from '../../ir/index.ts';
import { replacedToolNames, type ToolNameRule } from '../../ir/tool-name-map.ts';

const rule: ToolNameRule = {
  valid: /^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/,
  maxLength: 64,
  clean(name) {
    const plain = name.replace(/[^A-Za-z0-9_.:-]/g, '_');
    return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
  },
};

/** Names that Gemini does not accept, by the name sent in their place: wire name -> the client's. */
export function geminiToolNames(request: GenerationRequest): ReadonlyMap<string, string> {
  return replacedToolNames(request, rule);
}
