import type { GenerationRequest, JsonObject, OutputFormat, Warn } from '../../ir/index.ts';
import { describedSchema } from '../../ir/output-format.ts';
import type { Level } from '../../ir/wire-level.ts';
import { compileSchema } from '../../json-schema/compile.ts';
import { compileWarned } from '../../json-schema/compile-warned.ts';
import type { EncodeTarget } from '../codec.ts';
import { encodeThinking } from './encode-reasoning.ts';
import { definedFields } from './wire.ts';
import type { GenerationConfig } from './wire-types.ts';

const MAX_STOP_SEQUENCES = 5;

type OutputConfig = Pick<GenerationConfig, 'responseMimeType' | 'responseSchema' | 'responseJsonSchema'>;

/** Sampling, output format, reasoning and modalities -> `generationConfig`. */
export function encodeConfig(request: GenerationRequest, target: EncodeTarget, warn: Warn): JsonObject {
  const { sampling } = request;
  const config = {
    maxOutputTokens: capped(sampling.maxOutputTokens, target.maxOutputTokens, warn),
    temperature: sampling.temperature,
    topP: sampling.topP,
    topK: sampling.topK,
    stopSequences: encodeStop(sampling.stop, warn),
    seed: sampling.seed,
    candidateCount: sampling.candidateCount,
    presencePenalty: sampling.presencePenalty,
    frequencyPenalty: sampling.frequencyPenalty,
    responseLogprobs: sampling.logprobs,
    logprobs: sampling.topLogprobs,
    ...encodeOutputFormat(request.output, warn),
    responseModalities: request.modalities?.map((name) => name.toUpperCase()),
    thinkingConfig: encodeThinking(request.reasoning, target, warn),
  } satisfies Level<GenerationConfig>;
  return definedFields(config) ?? {};
}

/** A client may ask for more than the model can give; Gemini refuses that instead of giving what it can. */
function capped(wanted: number | undefined, limit: number | undefined, warn: Warn): number | undefined {
  if (wanted === undefined || limit === undefined || wanted <= limit) return wanted;
  warn('sampling.maxOutputTokens', `the model generates at most ${limit} tokens`);
  return limit;
}

function encodeStop(stop: readonly string[] | undefined, warn: Warn): readonly string[] | undefined {
  if (stop === undefined || stop.length <= MAX_STOP_SEQUENCES) return stop;
  warn('sampling.stop', `Gemini takes ${MAX_STOP_SEQUENCES} stop sequences; the others are left out`);
  return stop.slice(0, MAX_STOP_SEQUENCES);
}

/** `responseSchema` knows keywords that `responseJsonSchema` does not, such as `minLength`, and the other way round. */
function encodeOutputSchema(schema: JsonObject, warn: Warn): OutputConfig {
  if (compileSchema(schema, 'gemini-json-schema').dropped.length > 0) {
    const older = compileSchema(schema, 'gemini-schema');
    if (older.dropped.length === 0) return { responseSchema: older.schema };
  }
  const place = { path: 'output.schema', warn, enforced: true };
  return { responseJsonSchema: compileWarned(schema, 'gemini-json-schema', place) };
}

function encodeOutputFormat(output: OutputFormat | undefined, warn: Warn): OutputConfig {
  switch (output?.type) {
    case undefined:
      return {};
    case 'text':
      return { responseMimeType: 'text/plain' };
    case 'json-object':
      return { responseMimeType: 'application/json' };
    case 'json-schema':
      // One that says nothing asks for any JSON.
      if (Object.keys(describedSchema(output)).length === 0) return { responseMimeType: 'application/json' };
      return { responseMimeType: 'application/json', ...encodeOutputSchema(describedSchema(output), warn) };
  }
}
