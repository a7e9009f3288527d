/** Responses request -> generation request. https://platform.openai.com/docs/api-reference/responses/create */

import { invalidRequest } from '../../errors.ts';
import type {
  GenerationRequest,
  JsonObject,
  Message,
  OutputFormat,
  ReasoningConfig,
  Sampling,
  Tool,
} from '../../ir/index.ts';
import { isJsonObject } from '../../ir/index.ts';
import {
  field,
  isJsonArray,
  readArray,
  readBoolean,
  readNumber,
  readObject,
  readString,
  requireString,
  unknownFields,
} from '../../ir/read.ts';
import { readEffort, unknownEffort } from '../../ir/reasoning-effort.ts';
import type { DecodeRequestContext } from '../codec.ts';
import { bringsTools, decodeInput } from './decode-input.ts';
import { decodeToolChoice } from './tool-choice.ts';
import { decodeTools } from './tools.ts';
import { DIALECT, NOTE } from './wire.ts';

// `text` and `reasoning` are known but may have fields of their own that are not.
const known = new Set(
  (
    'model stream instructions input tools tool_choice parallel_tool_calls text reasoning max_output_tokens temperature ' +
    'top_p top_logprobs prompt_cache_key user metadata service_tier store'
  ).split(' '),
);
const textFields = new Set(['format', 'verbosity']);

/** Reads a request; what only this dialect knows goes to `extensions['openai-responses']`. */
export function decodeRequest(body: JsonObject, context: DecodeRequestContext): GenerationRequest {
  const input = decodeInput(requireInput(body));
  const text = readObject(body, 'text', '') ?? {};
  const output = decodeFormat(readObject(text, 'format', 'text'));
  const reasoning = decodeReasoning(body);
  const choice = field(body, 'tool_choice');
  return {
    model: context.model ?? requireString(body, 'model', ''),
    stream: context.stream ?? readBoolean(body, 'stream', '') ?? false,
    messages: [...decodeInstructions(body), ...input.messages],
    tools: [...decodeTools(readArray(body, 'tools', '') ?? [], 'tools'), ...additionalTools(body)],
    ...(choice === undefined ? {} : { toolChoice: decodeToolChoice(choice, 'tool_choice') }),
    ...(output === undefined ? {} : { output }),
    ...(reasoning.config === undefined ? {} : { reasoning: reasoning.config }),
    sampling: decodeSampling(body),
    ...decodeScalars(body, text),
    extensions: {
      [DIALECT]: {
        ...unknownFields(body, known),
        ...nonEmpty('text', unknownFields(text, textFields)),
        ...nonEmpty('reasoning', reasoning.rest),
        ...(Object.keys(input.notes).length === 0 ? {} : { [NOTE.items]: input.notes }),
      },
    },
  };
}

function nonEmpty(key: string, fields: JsonObject | undefined): JsonObject {
  return fields === undefined || Object.keys(fields).length === 0 ? {} : { [key]: fields };
}

function requireInput(body: JsonObject): JsonObject[string] {
  const input = field(body, 'input');
  // A stored prompt or an earlier response may be all the input there is.
  readString(body, 'previous_response_id', '');
  const elsewhere = ['prompt', 'previous_response_id', 'conversation'].some((key) => field(body, key) !== undefined);
  if (input === undefined && !elsewhere) throw invalidRequest('input', 'is required');
  return input;
}

function decodeInstructions(body: JsonObject): Message[] {
  const text = readString(body, 'instructions', '');
  return text === undefined || text === ''
    ? []
    : [{ role: 'system', content: [{ type: 'text', text }], path: 'instructions' }];
}

/** Tools that Codex adds or finds amid the conversation; the item itself stays in the input as an opaque part. */
function additionalTools(body: JsonObject): Tool[] {
  const input = body['input'];
  if (!isJsonArray(input)) return [];
  return input.flatMap((item, index) =>
    isJsonObject(item) && bringsTools(item) && isJsonArray(item['tools'])
      ? decodeTools(item['tools'], `input[${index}].tools`)
      : [],
  );
}

function decodeFormat(format: JsonObject | undefined): OutputFormat | undefined {
  if (format === undefined) return undefined;
  const type = requireString(format, 'type', 'text.format');
  if (type === 'text') return { type: 'text' };
  if (type === 'json_object') return { type: 'json-object' };
  if (type !== 'json_schema') throw invalidRequest('text.format.type', 'must be text, json_object or json_schema');
  const schema = readObject(format, 'schema', 'text.format');
  if (schema === undefined) throw invalidRequest('text.format.schema', 'is required and must be an object');
  const name = readString(format, 'name', 'text.format');
  const description = readString(format, 'description', 'text.format');
  const strict = readBoolean(format, 'strict', 'text.format');
  return {
    type: 'json-schema',
    schema,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
  };
}

/** `reasoning`: what the hub knows of it, and the rest. */
export function decodeReasoning(body: JsonObject): { config?: ReasoningConfig; rest?: JsonObject } {
  const wire = readObject(body, 'reasoning', '');
  if (wire === undefined) return {};
  const named = readString(wire, 'effort', 'reasoning');
  const effort = readEffort(named);
  const summary = decodeSummary(
    readString(wire, 'summary', 'reasoning') ?? readString(wire, 'generate_summary', 'reasoning'),
  );
  // A value that is not known here yet is passed on to the same dialect as it came.
  const rest = Object.entries(wire).filter(
    ([key, value]) => value !== null && !(key === 'effort' ? effort : key.endsWith('summary') ? summary : undefined),
  );
  return {
    config: {
      ...(effort === undefined ? unknownEffort(named) : { effort }),
      ...(summary === undefined ? {} : { summary }),
    },
    rest: Object.fromEntries(rest),
  };
}

function decodeSummary(summary: string | undefined): ReasoningConfig['summary'] {
  return summary === 'auto' || summary === 'concise' || summary === 'detailed' || summary === 'none'
    ? summary
    : undefined;
}

function decodeSampling(body: JsonObject): Sampling {
  const maxOutputTokens = readNumber(body, 'max_output_tokens', '');
  const temperature = readNumber(body, 'temperature', '');
  const topP = readNumber(body, 'top_p', '');
  const topLogprobs = readNumber(body, 'top_logprobs', '');
  const include = readArray(body, 'include', '') ?? [];
  return {
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topLogprobs === undefined ? {} : { topLogprobs }),
    ...(include.includes('message.output_text.logprobs') ? { logprobs: true } : {}),
  };
}

type Scalars = Pick<
  GenerationRequest,
  'parallelToolCalls' | 'promptCacheKey' | 'user' | 'metadata' | 'serviceTier' | 'store' | 'verbosity'
>;

function decodeScalars(body: JsonObject, text: JsonObject): Scalars {
  const parallelToolCalls = readBoolean(body, 'parallel_tool_calls', '');
  const promptCacheKey = readString(body, 'prompt_cache_key', '');
  const user = readString(body, 'user', '') ?? readString(body, 'safety_identifier', '');
  const metadata = readObject(body, 'metadata', '');
  const serviceTier = readString(body, 'service_tier', '');
  const store = readBoolean(body, 'store', '');
  const verbosity = readString(text, 'verbosity', 'text');
  return {
    ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }),
    ...(promptCacheKey === undefined ? {} : { promptCacheKey }),
    ...(user === undefined ? {} : { user }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(store === undefined ? {} : { store }),
    ...(verbosity === undefined ? {} : { verbosity }),
  };
}
