import { invalidRequest } from '../../errors.ts';
import type { GenerationRequest, JsonObject } from '../../ir/index.ts';
import { readArray, readObject, readString, requireArray, unknownFields } from '../../ir/read.ts';
import type { DecodeRequestContext } from '../codec.ts';
import { inClientSpelling } from './client-spelling.ts';
import { decodeConfig } from './decode-config.ts';
import { decodeContents, decodeSystemInstruction } from './decode-contents.ts';
import { decodeToolConfig, decodeTools } from './decode-tools.ts';
import { camelKeys, DIALECT, definedFields } from './wire.ts';

const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'serviceTier',
]);

/** A generateContent body -> generation request; model and streaming are the URL's. */
export function decodeRequest(wire: JsonObject, context: DecodeRequestContext): GenerationRequest {
  try {
    return decodeBody(camelKeys(wire), context);
  } catch (thrown) {
    throw inClientSpelling(thrown, wire);
  }
}

function decodeBody(body: JsonObject, context: DecodeRequestContext): GenerationRequest {
  const config = decodeConfig(readObject(body, 'generationConfig', ''));
  const toolConfig = decodeToolConfig(readObject(body, 'toolConfig', ''));
  const serviceTier = readString(body, 'serviceTier', '');
  const extension = definedFields({
    ...unknownFields(body, KNOWN),
    generationConfig: config.rest,
    toolConfig: toolConfig.rest,
  });
  return {
    model: readModel(body, context),
    stream: context.stream ?? false,
    messages: [
      ...decodeSystemInstruction(body['systemInstruction']),
      ...decodeContents(requireArray(body, 'contents', '')),
    ],
    tools: decodeTools(readArray(body, 'tools', '') ?? []),
    ...(toolConfig.choice === undefined ? {} : { toolChoice: toolConfig.choice }),
    ...(config.output === undefined ? {} : { output: config.output }),
    ...(config.reasoning === undefined ? {} : { reasoning: config.reasoning }),
    sampling: config.sampling,
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(config.modalities === undefined ? {} : { modalities: config.modalities }),
    extensions: extension === undefined ? {} : { [DIALECT]: extension },
  };
}

function readModel(body: JsonObject, context: DecodeRequestContext): string {
  const model = context.model ?? readString(body, 'model', '');
  if (model === undefined || model === '') throw invalidRequest('model', 'is required');
  return model.replace(/^models\//, '');
}
