import type { GenerationRequest } from '../../ir/index.ts';
import { describedSchema } from '../../ir/output-format.ts';
import { compileAhead, plannedTools } from '../../json-schema/compile-ahead.ts';

/** Compiles the schemas of a request in parts, as `encodeRequest` will want them. */
export function encodeAhead({ tools, output }: GenerationRequest): Generator<undefined, void> {
  const planned = plannedTools(tools, 'anthropic', 'anthropic-strict');
  if (output?.type === 'json-schema') planned.push([describedSchema(output), 'anthropic-strict']);
  return compileAhead(planned);
}
