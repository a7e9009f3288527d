import {
  collectWarnings,
  type Encoded,
  foreignExtensionWarnings,
  type GenerationRequest,
  isJsonObject,
  type JsonObject,
  type MutableJsonObject,
  type Warn,
} from '../../ir/index.ts';
import { withoutRejected } from '../../ir/rejected-fields.ts';
import { wireToolNames } from '../../ir/tool-name-map.ts';
import { repairToolTurns } from '../../ir/tool-turns.ts';
import type { EncodeTarget } from '../codec.ts';
import { encodeConfig } from './encode-config.ts';
import { encodeContents } from './encode-contents.ts';
import { encodeToolChoice, encodeTools } from './encode-tools.ts';
import { geminiToolNames } from './tool-names.ts';
import { DIALECT } from './wire.ts';

/** Gemini 1 and 2 take media of a tool result only beside the `functionResponse`. */
const OLD_MODEL = /gemini-(?:exp|[12](?:[.-]|$))/;

/** Generation request -> generateContent body; model and streaming go into the URL. */
export function encodeRequest(request: GenerationRequest, target: EncodeTarget): Encoded<JsonObject> {
  const { warnings, warn } = collectWarnings();
  const wireName = wireToolNames(geminiToolNames(request));
  const nestedMedia = !OLD_MODEL.test(target.model);
  const tools = encodeTools(request, { wireName, warn });
  const hasFunctions = tools.some((tool) => tool['functionDeclarations'] !== undefined);
  const calling = encodeToolChoice(request.toolChoice, hasFunctions, { wireName, warn });
  const body: MutableJsonObject = {
    ...encodeContents(repairToolTurns(request.messages, warn), { wireName, nestedMedia, warn }),
    ...(tools.length === 0 ? {} : { tools }),
    ...(calling === undefined ? {} : { toolConfig: { functionCallingConfig: calling } }),
  };
  const config = encodeConfig(request, target, warn);
  if (Object.keys(config).length > 0) body['generationConfig'] = config;
  const serviceTier = encodeServiceTier(request.serviceTier, warn);
  if (serviceTier !== undefined) body['serviceTier'] = serviceTier;
  warnUnsupported(request, warn);
  warnings.push(...foreignExtensionWarnings(request, DIALECT));
  const merged = mergeExtension(body, request.extensions[DIALECT]);
  return { value: withoutRejected(merged, target.quirks.rejects, warn), warnings };
}

/** Fields only Gemini knows join the body; where both say something, objects are joined and the extension wins. */
function mergeExtension(body: JsonObject, extension: JsonObject | undefined): JsonObject {
  if (extension === undefined) return body;
  const merged: MutableJsonObject = { ...body };
  for (const [key, value] of Object.entries(extension)) {
    const own = merged[key];
    merged[key] = isJsonObject(own) && isJsonObject(value) ? mergeExtension(own, value) : value;
  }
  return merged;
}

function encodeServiceTier(tier: string | undefined, warn: Warn): string | undefined {
  switch (tier) {
    case undefined:
    case 'auto':
      return undefined;
    case 'flex':
    case 'priority':
    case 'standard':
      return tier;
    case 'default':
    case 'standard_only':
      return 'standard';
    default:
      warn('serviceTier', 'Gemini does not know this tier');
      return undefined;
  }
}

/** `user`, `metadata`, cache keys and breakpoints change nothing in the answer: they are left out silently. */
function warnUnsupported(request: GenerationRequest, warn: Warn): void {
  if (request.parallelToolCalls === false) warn('parallelToolCalls', 'Gemini cannot be limited to one call at a time');
  if (request.store === true) warn('store', 'Gemini keeps no answers');
  if (request.verbosity !== undefined && request.verbosity !== 'medium')
    warn('verbosity', 'Gemini has no setting for it');
}
