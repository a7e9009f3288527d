import { invalidRequest } from '../../errors.ts';
import type { JsonObject, ReasoningConfig, ReasoningEffort } from '../../ir/index.ts';
import { readNumber, readObject, readString } from '../../ir/read.ts';
import { unknownEffort } from '../../ir/reasoning-effort.ts';

/** What `thinking` and `output_config.effort` say together. */
interface DecodedReasoning {
  readonly reasoning: ReasoningConfig | undefined;
  /** False when the effort is not part of `reasoning` and has to survive elsewhere. */
  readonly consumedEffort: boolean;
}

/** Reads `thinking` and `output_config.effort`. */
export function decodeReasoning(body: JsonObject, outputConfig: JsonObject): DecodedReasoning {
  const effortText = readString(outputConfig, 'effort', 'output_config');
  const effort = decodeEffort(effortText);
  const thinking = readObject(body, 'thinking', '');
  if (thinking?.['type'] === 'disabled') return { reasoning: { effort: 'none' }, consumedEffort: false };
  const config: ReasoningConfig = {
    ...(effort ? { effort } : unknownEffort(effortText)),
    ...(thinking && decodeThinking(thinking)),
  };
  const present = Object.keys(config).length > 0;
  return { reasoning: present ? config : undefined, consumedEffort: effort !== undefined };
}

function decodeThinking(thinking: JsonObject): ReasoningConfig {
  return { ...decodeMode(thinking), ...decodeDisplay(thinking) };
}

function decodeMode(thinking: JsonObject): ReasoningConfig {
  switch (thinking['type']) {
    case 'adaptive':
    case 'auto':
      return { adaptive: true };
    case 'enabled':
      return { budgetTokens: readNumber(thinking, 'budget_tokens', 'thinking') ?? -1 };
    default:
      throw invalidRequest('thinking.type', 'must be enabled, adaptive or disabled');
  }
}

function decodeDisplay(thinking: JsonObject): ReasoningConfig {
  switch (thinking['display']) {
    case 'summarized':
      return { summary: 'auto' };
    case 'omitted':
      return { summary: 'none' };
    default:
      return {};
  }
}

function decodeEffort(text: string | undefined): ReasoningEffort | undefined {
  switch (text) {
    case 'low':
    case 'medium':
    case 'high':
    case 'xhigh':
    case 'max':
      return text;
    default:
      return undefined;
  }
}
