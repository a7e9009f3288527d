/** https://platform.minimax.io/docs/guides/models-intro */
import type { ModelInfo } from '../../models/model-info.ts';

const minimax = (id: string, contextLength?: number): ModelInfo => ({
  id,
  ownedBy: 'minimax',
  ...(contextLength === undefined ? {} : { contextLength }),
  capabilities: { tools: true, reasoning: true },
});

export const models: readonly ModelInfo[] = [
  minimax('MiniMax-M3'),
  minimax('MiniMax-M2.7', 204_800),
  minimax('MiniMax-M2.5', 204_800),
  minimax('MiniMax-M2.1', 204_800),
  minimax('MiniMax-M2', 204_800),
];
