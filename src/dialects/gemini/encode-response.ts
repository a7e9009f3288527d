import type {
  Candidate,
  Encoded,
  GenerationResponse,
  JsonObject,
  MutableJsonObject,
  TranslationWarning,
} from '../../ir/index.ts';
import type { ReplyContext } from '../codec.ts';
import { encodeCitations } from './citations.ts';
import { encodeAnswerPart } from './encode-part.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { encodeLogprobs } from './logprobs.ts';
import { encodeUsage } from './usage.ts';
import { DIALECT, objectsOf } from './wire.ts';

/** Reasons for what whole answers and streams lose alike. */
export const noForm = (type: string): string => `Gemini has no form for this ${type} part`;
export const foreignCitations = (dialect: string): string => `citations of ${dialect} have no place here`;

/** A response -> GenerateContentResponse. */
export function encodeResponse(response: GenerationResponse, context: ReplyContext): Encoded<JsonObject> {
  const warnings: TranslationWarning[] = [];
  const { candidates: extras, ...rest } = response.extensions[DIALECT] ?? {};
  const fields = objectsOf(extras);
  const value: MutableJsonObject = {
    ...rest,
    candidates: response.candidates.map((candidate, index) => ({
      ...encodeCandidate(candidate, index, warnings),
      ...fields[index],
    })),
    usageMetadata: encodeUsage(response.usage),
    modelVersion: context.model,
    responseId: response.id === '' ? context.newId('') : response.id,
  };
  if (response.createdAtS !== undefined) value['createTime'] = encodeTime(response.createdAtS);
  return { value, warnings };
}

/** Unix seconds -> RFC 3339; undefined beyond what a date can say. */
export function encodeTime(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function encodeCandidate(candidate: Candidate, index: number, warnings: TranslationWarning[]): MutableJsonObject {
  const parts: JsonObject[] = [];
  const wire: MutableJsonObject = {
    content: { parts, role: 'model' },
    finishReason: encodeFinishReason(candidate.finishReason),
    index,
  };
  candidate.content.forEach((part, at) => {
    const encoded = part.type === 'tool-result' ? undefined : encodeAnswerPart(part);
    if (encoded !== undefined) parts.push(encoded);
    else
      warnings.push({
        path: `candidates[${index}].content[${at}]`,
        reason: noForm(part.type),
      });
    if (part.type === 'text' && part.citations !== undefined) {
      const { dialect, items } = part.citations;
      Object.assign(wire, encodeCitations(dialect, items));
      if (dialect !== DIALECT) {
        warnings.push({ path: `candidates[${index}].content[${at}].citations`, reason: foreignCitations(dialect) });
      }
    }
  });
  const logprobs = encodeLogprobs(candidate.logprobs);
  if (logprobs !== undefined) wire['logprobsResult'] = logprobs;
  return wire;
}
