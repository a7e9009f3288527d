import type { Group } from '../ledger.ts';
import { claudeToChat } from './openai-claude-request.ts';
import { chatStreamToClaude } from './openai-claude-stream.ts';

export const openaiClaude: Group = { group: 'openai/claude', entries: [...claudeToChat, ...chatStreamToClaude] };
