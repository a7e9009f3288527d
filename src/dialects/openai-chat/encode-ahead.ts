import type { GenerationRequest } from '../../ir/index.ts';
import { compileAhead, plannedTools } from '../../json-schema/compile-ahead.ts';

/** Compiles the schemas of a request in parts, as `encodeRequest` will want them. */
export function encodeAhead({ tools, output }: GenerationRequest): Generator<undefined, void> {
  const planned = plannedTools(tools, 'object-root', 'openai-strict');
  if (output?.type === 'json-schema' && output.strict === true) planned.push([output.schema, 'openai-strict']);
  return compileAhead(planned);
}
