import { estimateInputTokens } from '../../ir/estimated-usage.ts';
import { emptyUsage, type GenerationRequest, totalInputTokens, type Usage } from '../../ir/index.ts';

/**
 * What `message_start` says of the input. Only Claude knows it by then, but some clients read it nowhere else, and take
 * 0 for an empty context: an estimate stands in, until `message_delta` brings the provider's figures.
 */
export function startUsage(known: Usage | undefined, request: GenerationRequest): Usage {
  if (known !== undefined && totalInputTokens(known) > 0) return known;
  return { ...(known ?? emptyUsage), inputTokens: estimateInputTokens(request) };
}
