/** The `response` object: what was asked, repeated, and the answer. */
import { type FinishReason, type GenerationRequest, isJsonObject, type JsonValue, type Usage } from '../../ir/index.ts';
import type { Level } from '../../ir/wire-level.ts';
import type { ReplyContext } from '../codec.ts';
import { encodeReasoning, encodeScalars, encodeText, encodeToolSettings, ownFields } from './request-settings.ts';
import { encodeUsage } from './usage.ts';
import type { Changing, Echo, FinishedStatus, IncompleteReason, ResponseObject } from './wire-types.ts';

/** What of a response does not change while it is streamed. */
export interface ResponseHead {
  readonly id: string;
  readonly createdAtS: number;
  /** The time now, Unix seconds. */
  nowS(): number;
  /** The fields that repeat the request. */
  readonly echo: Echo;
}

/** How a response ended, or that it has not. */
export interface ResponseState {
  readonly status: Changing['status'];
  readonly incompleteReason?: IncompleteReason;
  readonly error?: NonNullable<Changing['error']>;
}

/** How a response ended. */
export type FinishedState = ResponseState & { readonly status: FinishedStatus };

/** Builds the unchanging part of the answer to a request. */
export function createHead(
  id: string,
  context: ReplyContext,
  answer: { readonly createdAtS?: number | undefined; readonly serviceTier?: string | undefined },
): ResponseHead {
  return {
    id,
    createdAtS: answer.createdAtS ?? context.nowS,
    nowS: () => context.nowS,
    echo: { model: context.model, ...echoRequest(context.request, answer.serviceTier) },
  };
}

function echoRequest(request: GenerationRequest, serviceTier: string | undefined): Omit<Echo, 'model'> {
  const own = ownFields(request);
  const instructions = request.messages.find((message) => message.path === 'instructions');
  const asked = { ...encodeToolSettings(request, []), ...encodeScalars(request) };
  return {
    access_programs: null,
    background: false,
    instructions: instructions?.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n') ?? null,
    max_output_tokens: asked['max_output_tokens'] ?? null,
    max_tool_calls: own['max_tool_calls'] ?? null,
    parallel_tool_calls: asked['parallel_tool_calls'] ?? true,
    previous_response_id: own['previous_response_id'] ?? null,
    prompt_cache_key: asked['prompt_cache_key'] ?? null,
    reasoning: { effort: null, summary: null, ...encodeReasoning(request) },
    safety_identifier: own['safety_identifier'] ?? null,
    service_tier: serviceTier ?? asked['service_tier'] ?? 'default',
    // Nothing is stored here, whatever the provider's default is.
    store: asked['store'] ?? false,
    temperature: asked['temperature'] ?? 1,
    text: { format: { type: 'text' }, ...encodeText(request, undefined) },
    tool_choice: asked['tool_choice'] ?? 'auto',
    presence_penalty: 0,
    frequency_penalty: 0,
    tools: echoTools(asked['tools']),
    top_logprobs: asked['top_logprobs'] ?? 0,
    top_p: asked['top_p'] ?? 1,
    truncation: own['truncation'] ?? 'disabled',
    user: asked['user'] ?? null,
    metadata: asked['metadata'] ?? {},
  };
}

/** Tools as the vendor repeats them: with every field a function has. */
function echoTools(tools: JsonValue | undefined): JsonValue {
  if (!Array.isArray(tools)) return [];
  return tools.map((tool: JsonValue) =>
    isJsonObject(tool) && tool['type'] === 'function'
      ? { description: null, parameters: null, strict: null, ...tool }
      : tool,
  );
}

/** The fields that change from one event to the next, without `usage`. */
export function changingFields(
  head: ResponseHead,
  state: ResponseState,
  output: readonly JsonValue[],
): Level<Changing> {
  return {
    id: head.id,
    object: 'response',
    created_at: head.createdAtS,
    completed_at: state.status === 'completed' ? Math.max(head.createdAtS, head.nowS()) : null,
    status: state.status,
    error: state.error ?? null,
    incomplete_details: state.incompleteReason === undefined ? null : { reason: state.incompleteReason },
    output,
  };
}

/** The whole object of a finished response. */
export function finishedResponse(
  head: ResponseHead,
  state: ResponseState,
  output: readonly JsonValue[],
  usage: Usage,
): Level<ResponseObject> {
  return { ...changingFields(head, state, output), ...head.echo, usage: encodeUsage(usage) };
}

/** The status that a finish reason means here. `refused`: the answer holds a refusal, which then says itself why it ended. */
export function finishedState(reason: FinishReason, refused: boolean): FinishedState {
  switch (reason) {
    case 'refusal':
      return refused ? { status: 'completed' } : { status: 'incomplete', incompleteReason: 'content_filter' };
    case 'stop':
    case 'tool-calls':
    case 'pause':
    // The API has no reason for it, and Codex takes an incomplete answer for one to ask for again.
    case 'other':
      return { status: 'completed' };
    case 'length':
      return { status: 'incomplete', incompleteReason: 'max_output_tokens' };
    case 'content-filter':
      return { status: 'incomplete', incompleteReason: 'content_filter' };
    case 'error':
      return { status: 'failed', error: { code: 'server_error', message: 'the model stopped with an error' } };
  }
}
