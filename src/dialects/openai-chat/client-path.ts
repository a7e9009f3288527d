import { type PathNames, renamePath } from '../../ir/client-path.ts';

const names: PathNames = {
  'sampling.maxOutputTokens': 'max_completion_tokens',
  'sampling.temperature': 'temperature',
  'sampling.topP': 'top_p',
  'sampling.topK': 'top_k',
  'sampling.stop': 'stop',
  'sampling.seed': 'seed',
  'sampling.presencePenalty': 'presence_penalty',
  'sampling.frequencyPenalty': 'frequency_penalty',
  'sampling.candidateCount': 'n',
  'sampling.logprobs': 'logprobs',
  'sampling.topLogprobs': 'top_logprobs',
  output: 'response_format',
  'output.schema.': 'response_format.json_schema.schema.',
  reasoning: 'reasoning_effort',
  'reasoning.effort': 'reasoning_effort',
  'reasoning.budgetTokens': 'reasoning.max_tokens',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'parallel_tool_calls',
  serviceTier: 'service_tier',
};

/** See {@link ClientCodec.clientPath}. */
export function clientPath(path: string): string {
  return renamePath(path, names).replace(/^(tools\[\d+\])\.(strict$|parameters\b)/, '$1.function.$2');
}
