import {
  collectWarnings,
  type Encoded,
  foreignExtensionWarnings,
  type GenerationRequest,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MutableJsonObject,
  type OutputFormat,
  type Warn,
} from '../../ir/index.ts';
import { describedSchema } from '../../ir/output-format.ts';
import { withoutRejected } from '../../ir/rejected-fields.ts';
import { compileWarned } from '../../json-schema/compile-warned.ts';
import type { EncodeTarget } from '../codec.ts';
import { settleCacheBreakpoints } from './cache-breakpoints.ts';
import { encodeConversation } from './encode-messages.ts';
import { endsInUnsignedToolTurn, planThinking, type ThinkingPlan, warnRaised } from './encode-reasoning.ts';
import { encodeSampling } from './encode-sampling.ts';
import { encodeToolChoice, encodeTools, isForced } from './encode-tools.ts';
import { DIALECT } from './wire.ts';

/**
 * `max_tokens` is required. Without a limit of the client: what agents need for one answer, but never more than the
 * model can; 8,192 for models the catalogue does not know, because older ones refuse more.
 */
const DEFAULT_MAX_TOKENS = 32_000;
const DEFAULT_MAX_TOKENS_UNKNOWN_MODEL = 8192;

const JSON_INSTRUCTION = 'Answer with one valid JSON object and nothing else: no other text and no code fence.';

/** Generation request -> Claude Messages body. https://docs.anthropic.com/en/api/messages */
export function encodeRequest(request: GenerationRequest, target: EncodeTarget): Encoded<JsonObject> {
  const { warnings, warn } = collectWarnings();
  const { system, messages } = encodeConversation(request, target, warn);
  if (request.output?.type === 'json-object') system.push({ type: 'text', text: JSON_INSTRUCTION });
  const tools = encodeTools(request, warn);
  settleCacheBreakpoints({ tools, system, messages }, target.cacheBreakpoints ?? false, warn);
  const plan = planThinking(
    request.reasoning,
    {
      target,
      maxTokens: encodeMaxTokens(request, target, warn),
      forcedTool: tools.length > 0 && isForced(request.toolChoice),
      unsignedToolTurn: endsInUnsignedToolTurn(messages),
    },
    warn,
  );
  if (request.sampling.maxOutputTokens !== undefined) warnRaised(request.sampling.maxOutputTokens, plan, warn);
  const body: MutableJsonObject = { model: target.model, max_tokens: plan.maxTokens };
  if (system.length > 0) body['system'] = system;
  body['messages'] = messages.map(({ role, content }) => ({ role, content }));
  if (tools.length > 0) {
    body['tools'] = tools;
    setDefined(body, 'tool_choice', encodeToolChoice(request, warn));
  } else if (isForced(request.toolChoice)) warn('toolChoice', 'Claude is offered no tool that it could be made to use');
  setDefined(body, 'thinking', plan.thinking);
  Object.assign(body, encodeSampling(request, plan.active, warn), ownExtensions(request));
  setObject(body, 'output_config', encodeOutputConfig(request, plan, warn));
  setObject(body, 'metadata', {
    ...objectAt(body, 'metadata'),
    ...userId(request),
  });
  setDefined(body, 'service_tier', encodeServiceTier(request, warn));
  if (target.stream) body['stream'] = true;
  warnUnsupported(request, warn);
  warnings.push(...foreignExtensionWarnings(request, DIALECT));
  return { value: withoutRejected(body, target.quirks.rejects, warn), warnings };
}

function setDefined(body: MutableJsonObject, key: string, value: JsonValue | undefined): void {
  if (value !== undefined) body[key] = value;
}

function setObject(body: MutableJsonObject, key: string, value: JsonObject): void {
  if (Object.keys(value).length > 0) body[key] = value;
}

function objectAt(body: JsonObject, key: string): JsonObject {
  const value = body[key];
  return isJsonObject(value) ? value : {};
}

function ownExtensions(request: GenerationRequest): JsonObject {
  return request.extensions[DIALECT] ?? {};
}

/** Clients of other dialects that know who answers write Claude's own field, which `metadata` holds there as well. */
function userId({ user, metadata }: GenerationRequest): JsonObject {
  const own = metadata?.['user_id'];
  const id = typeof own === 'string' && own !== '' ? own : user;
  return id === undefined ? {} : { user_id: id };
}

function encodeMaxTokens(request: GenerationRequest, target: EncodeTarget, warn: Warn): number {
  const most = target.maxOutputTokens;
  const wanted = request.sampling.maxOutputTokens;
  if (wanted === undefined)
    return most === undefined ? DEFAULT_MAX_TOKENS_UNKNOWN_MODEL : Math.min(DEFAULT_MAX_TOKENS, most);
  if (most === undefined || wanted <= most) return wanted;
  warn('sampling.maxOutputTokens', `the model generates at most ${most} tokens`);
  return most;
}

function encodeOutputConfig(request: GenerationRequest, plan: ThinkingPlan, warn: Warn): JsonObject {
  const format = encodeFormat(request.output, warn);
  return {
    ...objectAt(ownExtensions(request), 'output_config'),
    ...(plan.effort !== undefined && { effort: plan.effort }),
    ...(format && { format }),
  };
}

function encodeFormat(output: OutputFormat | undefined, warn: Warn): JsonObject | undefined {
  switch (output?.type) {
    case 'json-schema':
      return {
        type: 'json_schema',
        schema: compileWarned(describedSchema(output), 'anthropic-strict', {
          path: 'output.schema',
          warn,
          enforced: true,
        }),
      };
    case 'json-object':
      warn('output', 'Claude has no JSON mode without a schema; it is told to answer in JSON');
      return undefined;
    case 'text':
    case undefined:
      return undefined;
  }
}

function encodeServiceTier(request: GenerationRequest, warn: Warn): string | undefined {
  switch (request.serviceTier) {
    case undefined:
      return undefined;
    case 'auto':
    case 'standard_only':
      return request.serviceTier;
    case 'default':
      return 'standard_only';
    case 'priority':
      if (ownExtensions(request)['speed'] === 'fast') return undefined;
      warn('serviceTier', 'Claude has no service tier "priority"');
      return undefined;
    default:
      warn('serviceTier', `Claude has no service tier "${request.serviceTier}"`);
      return undefined;
  }
}

/** What has no place in a Claude body. Without `metadata` and the cache key the answer is the same. */
function warnUnsupported(request: GenerationRequest, warn: Warn): void {
  if (request.verbosity !== undefined && request.verbosity !== 'medium')
    warn('verbosity', 'Claude has no verbosity setting');
  if (request.store === true) warn('store', 'Claude does not store answers');
  if (request.modalities?.some((modality) => modality !== 'text')) warn('modalities', 'Claude answers in text only');
}
