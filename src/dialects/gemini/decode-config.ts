import { invalidRequest } from '../../errors.ts';
import type { JsonObject, MutableJsonObject, OutputFormat, ReasoningConfig, Sampling } from '../../ir/index.ts';
import { readArray, readBoolean, readNumber, readObject, readString, unknownFields } from '../../ir/read.ts';
import { readEffort, unknownEffort } from '../../ir/reasoning-effort.ts';
import { decodeSchema } from './schema.ts';
import { camelKeys, definedFields } from './wire.ts';

/** What `generationConfig` says, sorted into the IR's fields. */
export interface DecodedConfig {
  readonly sampling: Sampling;
  readonly output?: OutputFormat;
  readonly reasoning?: ReasoningConfig;
  readonly modalities?: readonly string[];
  /** Fields only Gemini knows, by their wire names. */
  readonly rest?: JsonObject;
}

const PATH = 'generationConfig';

const KNOWN: ReadonlySet<string> = new Set([
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stopSequences',
  'seed',
  'candidateCount',
  'presencePenalty',
  'frequencyPenalty',
  'responseLogprobs',
  'logprobs',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'thinkingConfig',
  'responseModalities',
]);

/** `generationConfig` -> sampling, output format, reasoning. */
export function decodeConfig(wire: JsonObject | undefined): DecodedConfig {
  if (wire === undefined) return { sampling: {} };
  const config = camelKeys(wire);
  const output = decodeOutput(config);
  const thinking = readObject(config, 'thinkingConfig', PATH);
  const reasoning = thinking === undefined ? undefined : decodeThinking(camelKeys(thinking));
  const modalities = readStrings(config, 'responseModalities')?.map((name) => name.toLowerCase());
  const rest = definedFields({ ...unknownFields(config, KNOWN), ...output.rest, ...reasoning?.rest });
  return {
    sampling: decodeSampling(config),
    ...(output.format === undefined ? {} : { output: output.format }),
    ...(reasoning === undefined ? {} : { reasoning: reasoning.config }),
    ...(modalities === undefined ? {} : { modalities }),
    ...(rest === undefined ? {} : { rest }),
  };
}

function decodeSampling(config: JsonObject): Sampling {
  const number = (key: string): number | undefined => readNumber(config, key, PATH);
  const stop = readStrings(config, 'stopSequences');
  const fields: { -readonly [K in keyof Sampling]: Sampling[K] | undefined } = {
    maxOutputTokens: number('maxOutputTokens'),
    temperature: number('temperature'),
    topP: number('topP'),
    topK: number('topK'),
    stop: stop?.length === 0 ? undefined : stop,
    seed: number('seed'),
    presencePenalty: number('presencePenalty'),
    frequencyPenalty: number('frequencyPenalty'),
    candidateCount: number('candidateCount'),
    logprobs: readBoolean(config, 'responseLogprobs', PATH),
    topLogprobs: number('logprobs'),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function readStrings(config: JsonObject, key: string): string[] | undefined {
  return readArray(config, key, PATH)?.map((value, index) => {
    if (typeof value === 'string') return value;
    throw invalidRequest(`${PATH}.${key}[${index}]`, 'must be a string');
  });
}

function decodeOutput(config: JsonObject): { readonly format?: OutputFormat; readonly rest?: JsonObject } {
  const mimeType = readString(config, 'responseMimeType', PATH);
  const key = config['responseJsonSchema'] === undefined ? 'responseSchema' : 'responseJsonSchema';
  const schema = readObject(config, key, PATH);
  // `text/x.enum` answers with a bare word: no other dialect has that.
  if (mimeType === 'text/x.enum') return { rest: { responseMimeType: mimeType, [key]: schema } };
  if (schema !== undefined) {
    return { format: { type: 'json-schema', schema: decodeSchema(schema, `${PATH}.${key}`) } };
  }
  if (mimeType === 'application/json') return { format: { type: 'json-object' } };
  if (mimeType === 'text/plain') return { format: { type: 'text' } };
  return mimeType === undefined ? {} : { rest: { responseMimeType: mimeType } };
}

/** `thinkingConfig`, keys in camelCase: what the hub knows of it, and the rest. */
export function decodeThinking(thinking: JsonObject): { readonly config: ReasoningConfig; readonly rest?: JsonObject } {
  const path = `${PATH}.thinkingConfig`;
  const level = readString(thinking, 'thinkingLevel', path);
  const budget = readNumber(thinking, 'thinkingBudget', path);
  const rest: MutableJsonObject = {
    ...unknownFields(thinking, new Set(['thinkingLevel', 'thinkingBudget', 'includeThoughts'])),
  };
  const effort = readEffort(level?.toLowerCase());
  const dynamic = level?.toLowerCase() === 'auto';
  if (level !== undefined && effort === undefined && !dynamic) rest['thinkingLevel'] = level;
  const budgetTokens = dynamic ? -1 : budget;
  return {
    config: {
      ...(effort === undefined ? unknownEffort(level?.toLowerCase()) : { effort }),
      ...(budgetTokens === undefined ? {} : { budgetTokens }),
      // Gemini returns no thoughts unless asked to.
      summary: readBoolean(thinking, 'includeThoughts', path) === true ? 'auto' : 'none',
    },
    ...(Object.keys(rest).length === 0 ? {} : { rest: { thinkingConfig: rest } }),
  };
}
