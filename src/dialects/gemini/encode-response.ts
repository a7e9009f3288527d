import {
  type Candidate,
  type Encoded,
  type GenerationResponse,
  isKnownUsage,
  type JsonObject,
  type MutableJsonObject,
  type ServerToolPart,
  type TranslationWarning,
} from '../../ir/index.ts';
import type { Level, Some } from '../../ir/wire-level.ts';
import type { ReplyContext } from '../codec.ts';
import { encodeAnswerPart } from './encode-part.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { Grounding, losesCitations } from './grounding.ts';
import { encodeLogprobs } from './logprobs.ts';
import { encodeForeignTool } from './server-tools.ts';
import { encodeUsage } from './usage.ts';
import { DIALECT, objectsOf } from './wire.ts';
import type { Answer, Candidate as WireCandidate } from './wire-types.ts';

/** Reasons for what whole answers and streams lose alike. */
export const NO_PROMPT = 'Gemini does not tell from which prompt an image was made';
export const noForm = (type: string): string => `Gemini has no form for this ${type} part`;
export const foreignCitations = (dialect: string): string => `citations of ${dialect} without a URL have no place here`;

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
    ...(isKnownUsage(response.usage) && { usageMetadata: encodeUsage(response.usage) }),
    modelVersion: context.model,
    responseId: response.id === '' ? context.newId('') : response.id,
  } satisfies Level<Answer>;
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
  const grounding = new Grounding();
  let offset = 0;
  const wire: MutableJsonObject = {
    content: { parts, role: 'model' },
    finishReason: encodeFinishReason(candidate.finishReason),
    index,
  } satisfies Level<WireCandidate>;
  candidate.content.forEach((part, at) => {
    if (part.type === 'server-tool' && encodeServerTool(part, parts, grounding)) return;
    const encoded = part.type === 'tool-result' || part.type === 'server-tool' ? undefined : encodeAnswerPart(part);
    if (encoded !== undefined) parts.push(encoded);
    else
      warnings.push({
        path: `candidates[${index}].content[${at}]`,
        reason: noForm(part.type),
      });
    if (part.type === 'media' && part.revisedPrompt !== undefined) {
      warnings.push({ path: `candidates[${index}].content[${at}].revisedPrompt`, reason: NO_PROMPT });
    }
    if (part.type === 'text' && part.citations !== undefined) {
      const { dialect, items, sources = [] } = part.citations;
      grounding.cite(dialect, items);
      if (dialect !== DIALECT) grounding.support(sources, part.text, offset);
      if (losesCitations(dialect, sources)) {
        warnings.push({ path: `candidates[${index}].content[${at}].citations`, reason: foreignCitations(dialect) });
      }
    }
    if (part.type === 'text') offset += Buffer.byteLength(part.text);
  });
  Object.assign(wire, grounding.fields());
  const logprobs = encodeLogprobs(candidate.logprobs);
  if (logprobs !== undefined) Object.assign(wire, { logprobsResult: logprobs } satisfies Some<WireCandidate>);
  return wire;
}

/** Writes a server tool as parts or into the metadata; false when there is no form for it here. */
function encodeServerTool(part: ServerToolPart, parts: JsonObject[], grounding: Grounding): boolean {
  const own = part.origin === DIALECT;
  // Gemini's own searches are in the metadata that came with them.
  if (!own && grounding.use(part)) return true;
  const encoded = own ? (part.value === undefined ? [] : [part.value]) : encodeForeignTool(part);
  parts.push(...encoded);
  return own || encoded.length > 0;
}
