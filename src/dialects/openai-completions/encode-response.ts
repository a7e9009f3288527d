import {
  type Candidate,
  type Encoded,
  type GenerationResponse,
  isKnownUsage,
  type JsonObject,
  type TranslationWarning,
} from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { encodeFinishReason, encodeLogprobs, encodeUsage } from './encode-choice.ts';

/** Why a part is lost. */
export const noForm = (type: string): string => `a completion is text; it cannot hold a ${type}`;

function lostParts({ content }: Candidate, index: number): TranslationWarning[] {
  return content.flatMap((part, at) =>
    part.type === 'text' || part.type === 'refusal'
      ? []
      : [{ path: `choices[${index}].content[${at}]`, reason: noForm(part.type) }],
  );
}

/** See {@link ClientCodec.encodeResponse}. Reasoning has no place here; a refusal is the text it is. */
export function encodeResponse(response: GenerationResponse, context: ReplyContext): Encoded<JsonObject> {
  const choices = response.candidates.map(({ content, finishReason, logprobs }, index) => ({
    text: content.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join(''),
    index,
    logprobs: encodeLogprobs(logprobs),
    finish_reason: encodeFinishReason(finishReason),
  }));
  const value = {
    id: response.id === '' ? context.newId('cmpl-') : response.id,
    object: 'text_completion',
    created: response.createdAtS ?? context.nowS,
    model: context.model,
    choices,
    ...(isKnownUsage(response.usage) && { usage: encodeUsage(response.usage) }),
  };
  return { value, warnings: response.candidates.flatMap(lostParts) };
}
