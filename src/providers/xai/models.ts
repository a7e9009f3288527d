/** https://docs.x.ai/docs/models */
import type { ModelInfo } from '../../models/model-info.ts';

/** `levels`: of reasoning effort; without them the model takes no such setting. */
function grok(id: string, contextLength: number, maxOutputTokens: number, levels: readonly string[] = []): ModelInfo {
  return {
    id,
    ownedBy: 'xai',
    contextLength,
    maxOutputTokens,
    capabilities: { tools: true, structuredOutput: true },
    reasoning: levels.includes('none') ? { levels, zeroAllowed: true } : { levels },
  };
}

const LEVELS = ['low', 'medium', 'high'];

export const models: readonly ModelInfo[] = [
  grok('grok-4.6', 500_000, 65_536, [...LEVELS, 'xhigh']),
  grok('grok-4.5', 500_000, 65_536, LEVELS),
  grok('grok-4.3', 1_000_000, 65_536, ['none', ...LEVELS]),
  grok('grok-4.20-0309-reasoning', 2_000_000, 65_536),
  grok('grok-4.20-0309-non-reasoning', 2_000_000, 65_536),
  grok('grok-4.20-multi-agent-0309', 2_000_000, 65_536, LEVELS),
  grok('grok-build-0.1', 256_000, 256_000),
  grok('grok-composer-2.5-fast', 200_000, 32_768),
  grok('grok-3-mini', 131_072, 32_768, LEVELS),
  grok('grok-3-mini-fast', 131_072, 32_768, LEVELS),
];
