import type { Group } from '../ledger.ts';
import { claudeToChat } from './claude-chat-answer.ts';
import { chatToClaude } from './claude-chat-request.ts';

/** Chat clients of Claude models. */
export const claudeChat: Group = {
  group: 'claude/openai/chat-completions',
  entries: [...chatToClaude, ...claudeToChat],
};
