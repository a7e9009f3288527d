import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { numberOf, objectOf, objectsOf, stringOf } from './wire.ts';
import type { LogprobsResult } from './wire-types.ts';

function decodeToken(wire: JsonObject): JsonObject {
  return { token: stringOf(wire, 'token') ?? '', logprob: numberOf(wire, 'logProbability') ?? 0, bytes: null };
}

/** `logprobsResult` of a candidate -> token entries as OpenAI writes them: `{ token, logprob, bytes, top_logprobs }`. */
export function decodeLogprobs(candidate: JsonObject): readonly JsonObject[] | undefined {
  const result = objectOf(candidate, 'logprobsResult');
  if (result === undefined) return undefined;
  const top = objectsOf(result['topCandidates']);
  return objectsOf(result['chosenCandidates']).map((token, index) => ({
    ...decodeToken(token),
    top_logprobs: objectsOf(top[index]?.['candidates']).map(decodeToken),
  }));
}

/** OpenAI's token log probabilities -> `logprobsResult`. */
export function encodeLogprobs(list: readonly JsonValue[] | undefined): LogprobsResult | undefined {
  if (list === undefined) return undefined;
  const tokens = objectsWithSnakeKeys(list);
  return {
    chosenCandidates: tokens.map(encodeToken),
    topCandidates: tokens.map((token) => ({
      candidates: objectsWithSnakeKeys(isJsonArray(token['top_logprobs']) ? token['top_logprobs'] : []).map(
        encodeToken,
      ),
    })),
  };
}

const objectsWithSnakeKeys = (list: readonly JsonValue[]): JsonObject[] => list.filter(isJsonObject);

function encodeToken(token: JsonObject): LogprobsResult['chosenCandidates'][number] {
  return { token: stringOf(token, 'token') ?? '', logProbability: numberOf(token, 'logprob') ?? 0 };
}
