import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { numberOf, objectOf, objectsOf, stringOf } from './wire.ts';

function decodeToken(wire: JsonObject): JsonObject {
  return { token: stringOf(wire, 'token') ?? '', logprob: numberOf(wire, 'logProbability') ?? 0, bytes: null };
}

/** `logprobsResult` of a candidate -> OpenAI's `{ content: [{ token, logprob, bytes, top_logprobs }] }`. */
export function decodeLogprobs(candidate: JsonObject): JsonObject | undefined {
  const result = objectOf(candidate, 'logprobsResult');
  if (result === undefined) return undefined;
  const top = objectsOf(result['topCandidates']);
  const content = objectsOf(result['chosenCandidates']).map((token, index) => ({
    ...decodeToken(token),
    top_logprobs: objectsOf(top[index]?.['candidates']).map(decodeToken),
  }));
  return { content };
}

/** OpenAI's token log probabilities (with or without the `content` wrapper) -> `logprobsResult`. */
export function encodeLogprobs(logprobs: JsonValue | undefined): JsonObject | undefined {
  const list = isJsonObject(logprobs) ? logprobs['content'] : logprobs;
  if (!isJsonArray(list)) return undefined;
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

function encodeToken(token: JsonObject): JsonObject {
  return { token: stringOf(token, 'token') ?? '', logProbability: numberOf(token, 'logprob') ?? 0 };
}
