import type { GenerationRequest } from '../../ir/index.ts';
import { describedSchema } from '../../ir/output-format.ts';
import { compileAhead, plannedTools } from '../../json-schema/compile-ahead.ts';

/** Compiles the schemas of a request in parts, as `encodeRequest` will want them. */
export function encodeAhead({ tools, output }: GenerationRequest): Generator<undefined, void> {
  const planned = plannedTools(tools, 'gemini-json-schema');
  if (output?.type === 'json-schema') planned.push([describedSchema(output), 'gemini-json-schema']);
  return compileAhead(planned);
}
