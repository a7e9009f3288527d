/** https://docs.mistral.ai/getting-started/models/models_overview */
import type { ModelInfo } from '../../models/model-info.ts';

const mistral = (id: string, vision: boolean, contextLength?: number): ModelInfo => ({
  id,
  ownedBy: 'mistralai',
  ...(contextLength === undefined ? {} : { contextLength }),
  capabilities: { tools: true, vision, structuredOutput: true },
});

export const models: readonly ModelInfo[] = [
  mistral('mistral-large-latest', true),
  mistral('mistral-medium-latest', true, 131_072),
  mistral('mistral-small-latest', true, 131_072),
  mistral('magistral-medium-latest', true),
  mistral('magistral-small-latest', true),
  mistral('codestral-latest', false, 256_000),
  mistral('devstral-medium-latest', false),
  mistral('devstral-small-latest', false),
  mistral('ministral-8b-latest', true),
  mistral('ministral-3b-latest', true),
  mistral('open-mistral-nemo', false, 131_072),
];
