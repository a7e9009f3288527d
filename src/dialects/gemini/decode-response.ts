import { ProxyError, upstreamError } from '../../errors.ts';
import { type Candidate, emptyUsage, type GenerationResponse, isJsonObject, type JsonObject } from '../../ir/index.ts';
import { unknownFields } from '../../ir/read.ts';
import { decodeCitations } from './citations.ts';
import { createCallIds, type DecodedPart, decodePart, isEmptyText, isSignatureOnly } from './decode-part.ts';
import { decodeError, errorStatus } from './errors.ts';
import { decodeFinishReason } from './finish-reason.ts';
import { decodeLogprobs } from './logprobs.ts';
import { metadataTools } from './server-tools.ts';
import { sourcesByPart } from './source-places.ts';
import { decodeUsage } from './usage.ts';
import { camelKeys, DIALECT, definedFields, numberOf, objectOf, objectsOf, stringOf } from './wire.ts';

const KNOWN: ReadonlySet<string> = new Set(['candidates', 'usageMetadata', 'modelVersion', 'responseId', 'createTime']);

const CANDIDATE_KNOWN: ReadonlySet<string> = new Set([
  'content',
  'finishReason',
  'index',
  'groundingMetadata',
  'citationMetadata',
  'urlContextMetadata',
  'logprobsResult',
]);

/** What every frame and every whole answer say of the answer itself. */
export interface ResponseHead {
  readonly id: string;
  readonly model: string;
  readonly createdAtS?: number;
}

/** `responseId`, `modelVersion`, `createTime`. */
export function decodeHead(body: JsonObject): ResponseHead {
  const created = Date.parse(stringOf(body, 'createTime') ?? '');
  return {
    id: stringOf(body, 'responseId') ?? '',
    model: stringOf(body, 'modelVersion') ?? '',
    ...(Number.isNaN(created) ? {} : { createdAtS: Math.floor(created / 1000) }),
  };
}

/** True when the prompt was refused: there is then no candidate, only the reason. */
export function isBlocked(body: JsonObject): boolean {
  return stringOf(objectOf(body, 'promptFeedback') ?? {}, 'blockReason') !== undefined;
}

/** Call ids of one answer. They hold its id: an answer of the next turn must not use the same ones again. */
export function responseCallIds(id: string): (name: string) => string {
  const scope = id.replace(/[^a-zA-Z0-9_-]/g, '').slice(0, 22);
  return createCallIds(scope === '' ? '' : `${scope}_`);
}

/** A whole GenerateContentResponse -> response. */
export function decodeResponse(wire: JsonObject): GenerationResponse {
  const body = camelKeys(wire);
  if (isJsonObject(body['error'])) throw upstreamError(decodeError(errorStatus(body), wire));
  const candidates = objectsOf(body['candidates']);
  if (candidates.length === 0 && !isBlocked(body) && body['usageMetadata'] === undefined) {
    throw new ProxyError('upstream_invalid_response', 'the answer of the Gemini upstream has no candidates');
  }
  const head = decodeHead(body);
  const callId = responseCallIds(head.id);
  const usage = objectOf(body, 'usageMetadata');
  const extension = decodeExtension(body, candidates);
  const blocked: Candidate = { content: [], finishReason: isBlocked(body) ? 'content-filter' : 'other' };
  return {
    ...head,
    candidates: candidates.length === 0 ? [blocked] : candidates.map((item) => decodeCandidate(item, callId)),
    usage: usage === undefined ? emptyUsage : decodeUsage(usage),
    extensions: extension === undefined ? {} : { [DIALECT]: extension },
  };
}

function decodeCandidate(candidate: JsonObject, callId: (name: string) => string): Candidate {
  const citations = decodeCitations(candidate);
  const content = [...withCitations(decodeParts(candidate, callId), citations), ...citations.flatMap(metadataTools)];
  const hasCalls = content.some((part) => part.type === 'tool-call');
  const logprobs = decodeLogprobs(candidate);
  return {
    content,
    finishReason: decodeFinishReason(stringOf(candidate, 'finishReason') ?? 'STOP', hasCalls),
    ...(logprobs === undefined ? {} : { logprobs }),
  };
}

function decodeParts(candidate: JsonObject, callId: (name: string) => string): DecodedPart[] {
  const parts: DecodedPart[] = [];
  for (const wire of objectsOf(objectOf(candidate, 'content')?.['parts'])) {
    const part = decodePart(wire, callId);
    if (part === undefined || isEmptyText(part)) continue;
    const last = parts.at(-1);
    if (isSignatureOnly(part) && last !== undefined && takesSignature(last, part)) {
      parts[parts.length - 1] = { ...last, ...(part.signature === undefined ? {} : { signature: part.signature }) };
    } else {
      parts.push(part);
    }
  }
  return parts;
}

/** A bare signature belongs to the part before it, unless that has one or the signature is a thought's and it is not. */
function takesSignature(
  last: DecodedPart,
  bare: DecodedPart,
): last is Exclude<DecodedPart, { type: 'opaque' | 'server-tool' }> {
  if (last.type === 'opaque' || last.type === 'server-tool' || last.type === 'media') return false;
  if (last.signature !== undefined) return false;
  return bare.type === 'text' || last.type === 'reasoning';
}

/** The citations go to the last text, and what others understand of them to the texts that they are about. */
function withCitations(parts: readonly DecodedPart[], items: readonly JsonObject[]): DecodedPart[] {
  if (items.length === 0) return [...parts];
  const last = parts.findLastIndex(({ type }) => type === 'text');
  if (last < 0) return withCitations([...parts, { type: 'text', text: '' }], items);
  const sources = sourcesByPart(parts, items);
  return parts.map((part, index) => {
    if (part.type !== 'text') return part;
    const known = sources.get(index);
    if (index !== last && known === undefined) return part;
    const citations = { dialect: DIALECT, items: index === last ? items : [], ...(known && { sources: known }) };
    return { ...part, citations };
  });
}

/** Top-level fields only Gemini knows, and such fields of candidates under `candidates` by position. */
function decodeExtension(body: JsonObject, candidates: readonly JsonObject[]): JsonObject | undefined {
  const rest = candidates.map((candidate) => unknownFields(candidate, CANDIDATE_KNOWN) ?? {});
  return definedFields({
    ...unknownFields(body, KNOWN),
    candidates: rest.some((fields) => Object.keys(fields).length > 0) ? rest : undefined,
  });
}

/** The `index` of a candidate; 0 when it is not a small count, so that a broken one cannot grow anything. */
export function candidateIndex(candidate: JsonObject): number {
  const index = numberOf(candidate, 'index') ?? 0;
  return Number.isInteger(index) && index >= 0 && index < 128 ? index : 0;
}
