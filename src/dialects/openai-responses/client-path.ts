import { type PathNames, renamePath } from '../../ir/client-path.ts';

const names: PathNames = {
  'sampling.maxOutputTokens': 'max_output_tokens',
  'sampling.temperature': 'temperature',
  'sampling.topP': 'top_p',
  'sampling.logprobs': 'include',
  'sampling.topLogprobs': 'top_logprobs',
  output: 'text.format',
  'output.schema.': 'text.format.schema.',
  verbosity: 'text.verbosity',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'parallel_tool_calls',
  serviceTier: 'service_tier',
};

/** See {@link ClientCodec.clientPath}. */
export function clientPath(path: string): string {
  return renamePath(path, names).replace(/\.citations$/, '.annotations');
}
