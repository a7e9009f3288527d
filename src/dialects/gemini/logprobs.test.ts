import { expect, it } from 'vitest';
import { collectEvents } from '../../ir/collect.ts';
import { gemini } from './index.ts';

const candidate = {
  content: { role: 'model', parts: [{ text: 'Hi' }] },
  finishReason: 'STOP',
  logprobsResult: {
    chosenCandidates: [{ token: 'Hi', logProbability: -0.5 }],
    topCandidates: [{ candidates: [{ token: 'Ho', logProbability: -1 }] }],
  },
};
const body = { responseId: 'r', modelVersion: 'm', candidates: [candidate], usageMetadata: {} };
const entries = [
  { token: 'Hi', logprob: -0.5, bytes: null, top_logprobs: [{ token: 'Ho', logprob: -1, bytes: null }] },
];

it('a whole answer has the list of tokens that the hub knows', () => {
  expect(gemini.decodeResponse(body).candidates[0]?.logprobs).toEqual(entries);
});

it('a stream has it too', () => {
  const decoder = gemini.createStreamDecoder();
  const events = [...decoder.push({ event: undefined, data: JSON.stringify(body) }), ...decoder.end()];
  expect(collectEvents(events).candidates[0]?.logprobs).toEqual(entries);
});

it('without any there is no list', () => {
  const { logprobsResult: _, ...bare } = candidate;
  expect(gemini.decodeResponse({ ...body, candidates: [bare] }).candidates[0]).not.toHaveProperty('logprobs');
});
