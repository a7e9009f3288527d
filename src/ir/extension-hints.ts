import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/**
 * Whether leaving a field out changes nothing that the user asked for: always, for some values only, or for some of
 * its own fields only. A field without a rule matters.
 */
export type HintRule = true | ((value: JsonValue) => boolean) | HintRules;

/** Rules by wire field. */
export interface HintRules {
  readonly [field: string]: HintRule;
}

const off = (value: JsonValue): boolean => value === false;
const oneOf =
  (...values: readonly JsonValue[]) =>
  (value: JsonValue): boolean =>
    values.includes(value);
/** The field is there to hold others, each of which counts for itself. */
const container: HintRules = {};

const openAi: HintRules = {
  // How the stream is written to the client, which is the proxy's own business.
  stream_options: true,
  prompt_cache_retention: true,
  prompt_cache_options: true,
  // Sent as the end user id.
  safety_identifier: true,
};

/** Where the answer to "would the user be surprised by the answer without it?" is no, per dialect. */
const requestHints: HintRules = {
  'openai-completions': { stream_options: true },
  'openai-chat': {
    ...openAi,
    // A guess of the answer, which makes it come sooner and not otherwise.
    prediction: true,
    // The older names of tools and tool choice; sent as those.
    functions: true,
    function_call: true,
    // OpenRouter: what of it other dialects have is sent; the rest is accounting and tracing.
    reasoning: { effort: true, max_tokens: true, enabled: true, exclude: true },
    // Some servers' word for what the hub calls adaptive.
    reasoning_effort: oneOf('auto'),
    include_reasoning: true,
    extra_body: { google: { thinking_config: { include_thoughts: true } } },
    usage: true,
    session_id: true,
    trace: true,
  },
  'openai-responses': {
    ...openAi,
    // Encrypted reasoning is carried in every dialect that has it; log probabilities are a setting of the hub.
    include: onlyIncludes('reasoning.encrypted_content', 'message.output_text.logprobs'),
    client_metadata: true,
    truncation: oneOf('disabled'),
    background: off,
    text: container,
    reasoning: { generate_summary: true },
  },
  'anthropic-messages': {
    // Clearing old thinking only frees context and cache; clearing tool results changes what the model knows.
    context_management: onlyEdits('clear_thinking_'),
    cache_control: true,
    betas: true,
    anthropic_beta: true,
    anthropic_version: true,
    metadata: true,
    // The fast one is a service tier elsewhere.
    speed: oneOf('standard', 'fast'),
    output_config: container,
  },
  gemini: {
    labels: true,
    sessionId: true,
    store: off,
    toolConfig: {
      // Both shape the answer's parts, not what is in them.
      includeServerSideToolInvocations: true,
      functionCallingConfig: { streamFunctionCallArguments: true, mode: true },
    },
    generationConfig: { thinkingConfig: container, enableEnhancedCivicAnswers: off },
  },
};

/** The same for the fields of a tool. */
const toolHints: HintRules = {
  'openai-chat': { cache_control: true, function: container },
  'openai-responses': {
    // The tool is offered from the start instead of when it is searched for.
    defer_loading: true,
    filters: container,
    external_web_access: oneOf(true),
    search_context_size: oneOf('medium'),
    container: { type: oneOf('auto') },
  },
  'anthropic-messages': {
    defer_loading: true,
    eager_input_streaming: true,
    cache_control: true,
    allowed_callers: (value) => JSON.stringify(value) === '["direct"]',
  },
  gemini: { behavior: oneOf('BLOCKING', 'UNSPECIFIED'), googleSearch: container, urlContext: container },
};

/** The same for the fields of an image, document or tool result. */
const partHints: HintRules = {
  'anthropic-messages': { citations: { enabled: off } },
  gemini: { functionResponse: { willContinue: off, scheduling: oneOf('SCHEDULING_UNSPECIFIED') } },
};

/** What extension fields can hang on. */
export type ExtensionHolder = 'request' | 'tool' | 'part';

/** The rules of one dialect for what its fields hang on; empty for a dialect without any. */
export function hintRules(holder: ExtensionHolder, dialect: string): HintRules {
  const rules = rulesOf(holder)[dialect];
  // A tool's kind and name are written anew in every dialect.
  const shared: HintRules = holder === 'tool' ? { type: true, name: true } : {};
  return typeof rules === 'object' ? { ...shared, ...rules } : shared;
}

function rulesOf(holder: ExtensionHolder): HintRules {
  switch (holder) {
    case 'request':
      return requestHints;
    case 'tool':
      return toolHints;
    case 'part':
      return partHints;
  }
}

function onlyIncludes(...harmless: readonly string[]): HintRule {
  return (value) => Array.isArray(value) && value.every((item) => harmless.includes(item));
}

function onlyEdits(prefix: string): HintRule {
  const harmless = (edit: JsonValue): boolean =>
    isJsonObject(edit) && typeof edit['type'] === 'string' && edit['type'].startsWith(prefix);
  return (value) => isJsonObject(value) && editsOf(value).every(harmless);
}

function editsOf(value: JsonObject): readonly JsonValue[] {
  const edits = value['edits'];
  return Array.isArray(edits) ? edits : [];
}
