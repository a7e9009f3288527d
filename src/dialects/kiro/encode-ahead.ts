import type { GenerationRequest } from '../../ir/index.ts';
import { compileAhead, plannedTools } from '../../json-schema/compile-ahead.ts';

/** Compiles the schemas of a request in parts, as `encodeRequest` will want them. */
export function encodeAhead({ tools }: GenerationRequest): Generator<undefined, void> {
  return compileAhead(plannedTools(tools, 'anthropic'));
}
