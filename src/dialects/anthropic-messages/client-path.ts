import { type PathNames, renamePath } from '../../ir/client-path.ts';

const names: PathNames = {
  'sampling.maxOutputTokens': 'max_tokens',
  'sampling.temperature': 'temperature',
  'sampling.topP': 'top_p',
  'sampling.topK': 'top_k',
  'sampling.stop': 'stop_sequences',
  output: 'output_config.format',
  'output.schema.': 'output_config.format.schema.',
  reasoning: 'thinking',
  'reasoning.effort': 'output_config.effort',
  'reasoning.budgetTokens': 'thinking.budget_tokens',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'tool_choice.disable_parallel_tool_use',
  serviceTier: 'service_tier',
};

/** See {@link ClientCodec.clientPath}. */
export function clientPath(path: string): string {
  return renamePath(path, names).replace(/^(tools\[\d+\])\.parameters\b/, '$1.input_schema');
}
