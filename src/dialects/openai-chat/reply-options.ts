import { type GenerationRequest, isJsonObject } from '../../ir/index.ts';
import { dialectId } from './wire.ts';

/** The client uses the API before `tools`: `functions`, and expects `function_call` in the answer. */
export function isLegacyRequest(request: GenerationRequest): boolean {
  return request.extensions[dialectId]?.['functions'] !== undefined;
}

/** The client asked for the usage chunk at the end of the stream. */
export function wantsStreamUsage(request: GenerationRequest): boolean {
  const options = request.extensions[dialectId]?.['stream_options'];
  return isJsonObject(options) && options['include_usage'] === true;
}

/** The names under which the client declared custom tools; a function call to one of them is unwrapped for it. */
export function customToolNames(request: GenerationRequest): ReadonlySet<string> {
  return new Set(request.tools.flatMap((tool) => (tool.type === 'custom' ? [tool.name] : [])));
}
