/** The fields of a request other than its input: sent to upstreams, and repeated in every answer to a client. */

import type { GenerationRequest, JsonObject, OutputFormat, TranslationWarning, Warn } from '../../ir/index.ts';
import { isJsonObject } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { effortOfBudget, nearestLevel } from '../../ir/reasoning-effort.ts';
import { compileWarned } from '../../json-schema/compile-warned.ts';
import { encodeToolChoice } from './tool-choice.ts';
import { encodeTools } from './tools.ts';
import { DIALECT, shortenId, withoutAbsent } from './wire.ts';

/** True when the client itself speaks this dialect: the decoder always sets its extensions. */
export function isOwnRequest(request: GenerationRequest): boolean {
  return request.extensions[DIALECT] !== undefined;
}

/** The wire fields that this dialect's client sent and the IR does not model. */
export function ownFields(request: GenerationRequest): JsonObject {
  const own = Object.entries(request.extensions[DIALECT] ?? {});
  return Object.fromEntries(own.filter(([key]) => !key.startsWith('$') && key !== 'text' && key !== 'reasoning'));
}

/** `tools` and `tool_choice`. */
export function encodeToolSettings(request: GenerationRequest, warnings: TranslationWarning[]): JsonObject {
  const own = isOwnRequest(request);
  const tools = encodeTools(request.tools, own);
  warnings.push(...tools.warnings);
  const choice = request.toolChoice && encodeToolChoice(request.toolChoice, request.tools);
  if (request.toolChoice !== undefined && choice === undefined) {
    warnings.push({ path: 'toolChoice', reason: 'only another dialect understands this tool choice' });
  }
  // Without tools the API refuses settings about them, which other dialects let pass.
  const usable = own || tools.value.length > 0;
  return withoutAbsent({
    tools: tools.value.length > 0 ? tools.value : undefined,
    tool_choice: usable ? choice : undefined,
    parallel_tool_calls: usable ? request.parallelToolCalls : undefined,
  });
}

/** `text`: format and verbosity. `warn`: given when it goes to an upstream, for schemas that it would refuse. */
export function encodeText(request: GenerationRequest, warn: Warn | undefined): JsonObject | undefined {
  const rest = request.extensions[DIALECT]?.['text'];
  const text = withoutAbsent({
    ...(isJsonObject(rest) ? rest : {}),
    format: request.output && encodeFormat(request.output, isOwnRequest(request) ? undefined : warn),
    verbosity: request.verbosity,
  });
  return Object.keys(text).length === 0 ? undefined : text;
}

/** `warn`: the client speaks another dialect, whose strict schemas may not be this one's. */
function encodeFormat(format: OutputFormat, warn: Warn | undefined): JsonObject {
  switch (format.type) {
    case 'text':
      return { type: 'text' };
    case 'json-object':
      return { type: 'json_object' };
    case 'json-schema':
      return withoutAbsent({
        type: 'json_schema',
        name: format.name ?? 'response',
        description: format.description,
        schema:
          format.strict === true && warn !== undefined
            ? compileWarned(format.schema, 'openai-strict', { path: 'output.schema', warn, enforced: true })
            : format.schema,
        strict: format.strict,
      });
  }
}

/** `reasoning`: effort and summary. `levels`: what the model takes; absent: not known. */
export function encodeReasoning(request: GenerationRequest, levels?: readonly string[]): JsonObject | undefined {
  const rest = request.extensions[DIALECT]?.['reasoning'];
  const own = isOwnRequest(request);
  const config = request.reasoning;
  if (config === undefined) return undefined;
  const effort = config.effort ?? effortOfBudget(config.budgetTokens);
  const clamped =
    effort !== undefined && !own && levels !== undefined ? (nearestLevel(effort, levels) ?? effort) : effort;
  // Other dialects return reasoning text without asking for a summary; here none comes unless it is asked for.
  const summary = config.summary ?? (own || effort === 'none' ? undefined : 'auto');
  const reasoning = {
    ...(isJsonObject(rest) ? rest : {}),
    // A model name's wish stands above a value that is not known here.
    ...withoutAbsent({ effort: clamped, summary: summary === 'none' && !own ? undefined : summary }),
  };
  return own || Object.keys(reasoning).length > 0 ? reasoning : undefined;
}

/** Sampling parameters and the other plain fields. */
export function encodeScalars(request: GenerationRequest): JsonObject {
  const { sampling } = request;
  const own = isOwnRequest(request);
  return withoutAbsent({
    max_output_tokens: sampling.maxOutputTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_logprobs: sampling.topLogprobs,
    service_tier: own ? request.serviceTier : encodeServiceTier(request.serviceTier),
    store: request.store,
    metadata: request.metadata,
    prompt_cache_key: limited(request.promptCacheKey, own),
    ...encodeUser(request),
  });
}

/** The tiers that other dialects and Codex name otherwise. */
function encodeServiceTier(tier: string | undefined): string | undefined {
  switch (tier) {
    case 'standard_only':
      return 'default';
    case 'fast':
      return 'priority';
    default:
      return tier;
  }
}

function encodeUser(request: GenerationRequest): JsonObject {
  const safetyId = request.extensions[DIALECT]?.['safety_identifier'];
  if (isOwnRequest(request)) return request.user === safetyId ? {} : { user: request.user };
  return { safety_identifier: limited(request.user, false) };
}

// The API refuses keys and user ids over 64 characters; other dialects have longer ones.
function limited(value: string | undefined, own: boolean): string | undefined {
  return value === undefined || own ? value : shortenId(value);
}

/** `include`: the client's own, or what another dialect's client needs to continue reasoning without storage. */
export function encodeInclude(request: GenerationRequest): readonly string[] | undefined {
  const own = request.extensions[DIALECT]?.['include'];
  if (isOwnRequest(request)) return isJsonArray(own) ? own.filter((value) => typeof value === 'string') : undefined;
  const logprobs = request.sampling.logprobs === true ? ['message.output_text.logprobs'] : [];
  return ['reasoning.encrypted_content', ...logprobs];
}
