/** Every group of edge cases; one line each. */
import type { Group } from '../ledger.ts';
import { antigravityClaude } from './antigravity-claude.ts';
import { antigravityGemini } from './antigravity-gemini.ts';
import { antigravityChat, antigravityResponses } from './antigravity-openai.ts';
import { antigravityReplay, antigravityReplayClear } from './antigravity-replay.ts';
import { antigravitySchema } from './antigravity-schema.ts';
import { claudeCaching } from './claude-caching.ts';
import { claudeChat } from './claude-chat.ts';
import { claudeExecutor } from './claude-executor.ts';
import { claudeBetas, claudeFastErrors } from './claude-executor-betas.ts';
import { claudeExecutorLimits, claudeFableLimit } from './claude-executor-limits.ts';
import { claudeAccounts } from './claude-executor-small.ts';
import { claudeGemini } from './claude-gemini.ts';
import { claudeInputTokens } from './claude-input-tokens.ts';
import { claudeInteractions } from './claude-interactions.ts';
import { claudeMidSystem } from './claude-mid-system.ts';
import { claudeRatelimit } from './claude-ratelimit.ts';
import { claudeResponses } from './claude-responses.ts';
import { claudeSchema } from './claude-schema.ts';
import { claudeThinkingReplay } from './claude-thinking-replay.ts';
import { codexClaude } from './codex-claude.ts';
import { codexGemini, codexInteractions } from './codex-gemini.ts';
import { codexOpenaiChat } from './codex-openai-chat.ts';
import { codexOpenaiResponses } from './codex-openai-responses.ts';
import { codexReplay } from './codex-replay.ts';
import { codexRequests } from './codex-requests.ts';
import { codexStreams } from './codex-streams.ts';
import { common } from './common.ts';
import { customMagicHeaders } from './custom-magic-headers.ts';
import { executorPayload } from './executor-payload.ts';
import { geminiChat } from './gemini-chat.ts';
import { geminiClaude } from './gemini-claude.ts';
import { elsewhere } from './gemini-elsewhere.ts';
import {
  aistudioExecutor,
  antigravityBuildRequest,
  antigravityExecutorSignature,
  geminiContentTurns,
  geminiExecutor,
  geminiExecutorSignature,
  vertexPayload,
} from './gemini-executor.ts';
import { geminiGemini } from './gemini-gemini.ts';
import { geminiResponses } from './gemini-responses.ts';
import { geminiSchema } from './gemini-schema.ts';
import { kimi } from './kimi.ts';
import { openaiClaude } from './openai-claude.ts';
import { openaiCompat, openaiCompatParts } from './openai-compat.ts';
import { openaiGemini } from './openai-gemini.ts';
import { interactionsClaude, openaiInteractionsChat, openaiInteractionsResponses } from './openai-interactions.ts';
import { openaiChatPair, openaiResponsesPair } from './openai-openai.ts';
import { payloadImageGeneration } from './payload-image-generation.ts';
import { payloadMutations } from './payload-mutations.ts';
import { reasoningGroups } from './reasoning-settings.ts';
import { summary } from './summary.ts';
import { usageHelpers } from './usage-helpers.ts';
import { xaiGroups } from './xai.ts';

export const groups: readonly Group[] = [
  ...xaiGroups,
  claudeThinkingReplay,
  claudeMidSystem,
  ...usageHelpers,
  ...codexReplay,
  claudeExecutor,
  claudeBetas,
  claudeFastErrors,
  ...codexStreams,
  ...claudeAccounts,
  claudeExecutorLimits,
  claudeFableLimit,
  ...codexRequests,
  codexOpenaiResponses,
  codexGemini,
  codexInteractions,
  executorPayload,
  payloadMutations,
  payloadImageGeneration,
  customMagicHeaders,
  claudeRatelimit,
  claudeInputTokens,
  claudeSchema,
  claudeCaching,
  codexOpenaiChat,
  claudeChat,
  claudeGemini,
  claudeInteractions,
  claudeResponses,
  codexClaude,
  common,
  interactionsClaude,
  openaiChatPair,
  openaiClaude,
  openaiGemini,
  openaiInteractionsChat,
  openaiInteractionsResponses,
  openaiResponsesPair,
  geminiChat,
  geminiClaude,
  aistudioExecutor,
  antigravityBuildRequest,
  antigravityExecutorSignature,
  geminiContentTurns,
  geminiExecutor,
  geminiExecutorSignature,
  vertexPayload,
  geminiGemini,
  geminiResponses,
  geminiSchema,
  antigravitySchema,
  antigravityReplay,
  antigravityReplayClear,
  antigravityClaude,
  antigravityGemini,
  antigravityChat,
  antigravityResponses,
  ...elsewhere,
  ...kimi,
  openaiCompat,
  ...openaiCompatParts,
  ...reasoningGroups,
  summary,
];
