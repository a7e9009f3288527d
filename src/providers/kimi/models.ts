/** https://www.kimi.com/code/docs */
import type { ModelInfo } from '../../models/model-info.ts';

/** `levels`: of reasoning effort; with `none` the model can be told not to reason. */
function kimiModel(id: string, contextLength: number, maxOutputTokens: number, levels: readonly string[]): ModelInfo {
  return {
    id,
    ownedBy: 'moonshotai',
    contextLength,
    maxOutputTokens,
    capabilities: { tools: true, reasoning: levels.length > 0 },
    reasoning: levels.includes('none') ? { levels, zeroAllowed: true } : { levels },
    // Another maker's model behind Claude's API.
    unsignedReasoning: true,
  };
}

const OPTIONAL = ['none', 'low', 'high'];
const ALWAYS = ['low', 'high'];
const K3 = [...ALWAYS, 'max'];

export const models: readonly ModelInfo[] = [
  kimiModel('kimi-k3', 1_048_576, 65_536, K3),
  kimiModel('kimi-k3-256k', 262_144, 65_536, K3),
  kimiModel('kimi-k2.7-code', 262_144, 65_536, ALWAYS),
  kimiModel('kimi-k2.7-code-highspeed', 262_144, 65_536, ALWAYS),
  kimiModel('kimi-k2.6', 262_144, 65_536, OPTIONAL),
  kimiModel('kimi-k2.5', 262_144, 32_768, OPTIONAL),
  kimiModel('kimi-k2-thinking', 131_072, 32_768, OPTIONAL),
  kimiModel('kimi-k2', 131_072, 32_768, []),
];
