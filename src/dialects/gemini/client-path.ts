import { type PathNames, renamePath } from '../../ir/client-path.ts';

const names: PathNames = {
  'sampling.logprobs': 'generationConfig.responseLogprobs',
  'sampling.topLogprobs': 'generationConfig.logprobs',
  'sampling.stop': 'generationConfig.stopSequences',
  'sampling.': 'generationConfig.',
  output: 'generationConfig.responseMimeType',
  'output.schema.': 'generationConfig.responseJsonSchema.',
  reasoning: 'generationConfig.thinkingConfig',
  'reasoning.effort': 'generationConfig.thinkingConfig.thinkingLevel',
  'reasoning.budgetTokens': 'generationConfig.thinkingConfig.thinkingBudget',
  modalities: 'generationConfig.responseModalities',
  toolChoice: 'toolConfig.functionCallingConfig',
};

/** See {@link ClientCodec.clientPath}. */
export function clientPath(path: string): string {
  return renamePath(path, names)
    .replace(/^(contents\[\d+\]|systemInstruction)\.content\[/, '$1.parts[')
    .replace(/^(contents\[\d+\]\.parts\[\d+\])\.content\[/, '$1.functionResponse.parts[');
}
