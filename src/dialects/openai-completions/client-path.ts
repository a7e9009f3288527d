import { type PathNames, renamePath } from '../../ir/client-path.ts';

const names: PathNames = {
  'sampling.maxOutputTokens': 'max_tokens',
  'sampling.temperature': 'temperature',
  'sampling.topP': 'top_p',
  'sampling.stop': 'stop',
  'sampling.seed': 'seed',
  'sampling.presencePenalty': 'presence_penalty',
  'sampling.frequencyPenalty': 'frequency_penalty',
  'sampling.candidateCount': 'n',
  'sampling.logprobs': 'logprobs',
  'sampling.topLogprobs': 'logprobs',
};

/** See {@link ClientCodec.clientPath}. */
export function clientPath(path: string): string {
  return renamePath(path, names);
}
