/** Every group of edge cases; one line each. */
import type { Group } from '../ledger.ts';
import { claudeChat } from './claude-chat.ts';
import { claudeGemini } from './claude-gemini.ts';
import { claudeInteractions } from './claude-interactions.ts';
import { claudeResponses } from './claude-responses.ts';
import { codexClaude } from './codex-claude.ts';
import { common } from './common.ts';
import { openaiClaude } from './openai-claude.ts';
import { openaiGemini } from './openai-gemini.ts';
import { interactionsClaude, openaiInteractionsChat, openaiInteractionsResponses } from './openai-interactions.ts';
import { openaiChatPair, openaiResponsesPair } from './openai-openai.ts';

export const groups: readonly Group[] = [
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
];
