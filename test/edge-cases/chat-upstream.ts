/** What an upstream of Chat Completions answers, in the fewest words. */
import type { Wire } from '../support/scripted-upstream/index.ts';

/** A chunk of the first choice. */
export function chunk(delta: Wire, finish: string | null = null): Wire {
  return { id: 'c1', model: 'up', choices: [{ index: 0, delta, finish_reason: finish }] };
}

/** A chunk with one entry of `tool_calls`. */
export function call(entry: Wire): Wire {
  return chunk({ tool_calls: [entry] });
}

/** The chunk of usage after the last choice. */
export const usageChunk: Wire = {
  id: 'c1',
  model: 'up',
  choices: [],
  usage: {
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 15,
    prompt_tokens_details: { cached_tokens: 4 },
  },
};

/** A whole answer with one choice. */
export function chatAnswer(message: Wire, finish = 'stop', more: Wire = {}): Wire {
  return {
    id: 'c1',
    model: 'up',
    created: 1,
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    ...more,
  };
}
