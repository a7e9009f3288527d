/** Generation request -> Responses request. https://platform.openai.com/docs/api-reference/responses/create */

import type { Encoded, GenerationRequest, JsonObject, Sampling, TranslationWarning, Warn } from '../../ir/index.ts';
import { foreignExtensionWarnings, isJsonObject } from '../../ir/index.ts';
import { withOnlyValues, withoutRejected } from '../../ir/rejected-fields.ts';
import { repairToolTurns } from '../../ir/tool-turns.ts';
import type { EncodeTarget } from '../codec.ts';
import { encodeInput } from './encode-input.ts';
import { plainTools } from './plain-tools.ts';
import {
  encodeInclude,
  encodeReasoning,
  encodeScalars,
  encodeText,
  encodeToolSettings,
  isOwnRequest,
  ownFields,
} from './request-settings.ts';
import { strictInput } from './strict-input.ts';
import { createToolNames } from './tool-names.ts';
import { DIALECT, NOTE, withoutAbsent } from './wire.ts';

/** Writes a request; other dialects' conversations are sent whole and not stored. */
export function encodeRequest(request: GenerationRequest, target: EncodeTarget): Encoded<JsonObject> {
  const warnings: TranslationWarning[] = [
    ...unsupportedSampling(request.sampling),
    ...foreignExtensionWarnings(request, DIALECT),
    ...lostModalities(request),
  ];
  const own = isOwnRequest(request);
  const notes = request.extensions[DIALECT]?.[NOTE.items];
  const warn: Warn = (path, reason) => warnings.push({ path, reason });
  // This dialect's own results may answer calls that are stored at the provider.
  const messages = own ? request.messages : repairToolTurns(request.messages, warn);
  const { instructions, input } = encodeInput(messages, {
    own,
    names: createToolNames(request.tools),
    notes: isJsonObject(notes) ? notes : undefined,
    warnings,
  });
  const body = withoutAbsent({
    ...ownFields(request),
    model: target.model,
    instructions,
    // Only a request that leans on stored state may come without input.
    input: own && input.length === 0 ? undefined : input,
    ...encodeToolSettings(request, warnings),
    text: encodeText(request, warn),
    reasoning: encodeReasoning(request, target.reasoning?.levels),
    ...encodeScalars(request),
    ...(own ? {} : { store: request.store ?? false }),
    include: encodeInclude(request),
    stream: target.stream ? true : undefined,
  });
  const { rejects, onlyValues, plainTools: hosted, strictInput: isStrict } = target.quirks;
  const plain = hosted === undefined ? body : plainTools(body, hosted, warn);
  const strict = isStrict === true ? strictInput(plain, warn) : plain;
  const kept = withoutRejected(strict, rejects, warn);
  return { value: onlyValues === undefined ? kept : withOnlyValues(kept, onlyValues, warn), warnings };
}

function unsupportedSampling(sampling: Sampling): TranslationWarning[] {
  const lost: readonly (readonly [string, boolean])[] = [
    ['sampling.stop', (sampling.stop?.length ?? 0) > 0],
    ['sampling.topK', sampling.topK !== undefined],
    ['sampling.seed', sampling.seed !== undefined],
    ['sampling.presencePenalty', (sampling.presencePenalty ?? 0) !== 0],
    ['sampling.frequencyPenalty', (sampling.frequencyPenalty ?? 0) !== 0],
    ['sampling.candidateCount', (sampling.candidateCount ?? 1) > 1],
  ];
  return lost.filter(([, isLost]) => isLost).map(([path]) => ({ path, reason: 'not available in the Responses API' }));
}

function lostModalities(request: GenerationRequest): TranslationWarning[] {
  const modalities = (request.modalities ?? []).filter((modality) => modality !== 'text');
  return modalities.map((modality) => ({
    path: 'modalities',
    reason: `the Responses API cannot answer with ${modality}`,
  }));
}
