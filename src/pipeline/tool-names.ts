import type { UpstreamCodec } from '../dialects/codec.ts';
import type { GenerationEvent, GenerationRequest, GenerationResponse } from '../ir/index.ts';

/** Wire tool name -> the client's; undefined when the upstream's dialect takes all names of the request as they are. */
export function renamedTools(
  codec: UpstreamCodec,
  request: GenerationRequest,
): ReadonlyMap<string, string> | undefined {
  if (codec.toolNames === undefined || request.tools.length === 0) return undefined;
  const names = codec.toolNames(request);
  return names.size === 0 ? undefined : names;
}

/** The event with the client's tool name. */
export function restoreEvent(event: GenerationEvent, names: ReadonlyMap<string, string>): GenerationEvent {
  if (event.type !== 'tool-call-start') return event;
  const name = names.get(event.name);
  return name === undefined ? event : { ...event, name };
}

/** The response with the client's tool names. */
export function restoreResponse(response: GenerationResponse, names: ReadonlyMap<string, string>): GenerationResponse {
  const candidates = response.candidates.map((candidate) => ({
    ...candidate,
    content: candidate.content.map((part) =>
      part.type === 'tool-call' ? { ...part, name: names.get(part.name) ?? part.name } : part,
    ),
  }));
  return { ...response, candidates };
}
