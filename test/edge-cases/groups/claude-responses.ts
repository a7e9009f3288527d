import type { Group } from '../ledger.ts';
import { claudeToResponses } from './claude-responses-answer.ts';
import { responsesToClaude } from './claude-responses-request.ts';
import { responsesTools } from './claude-responses-tools.ts';

/** Responses clients of Claude models. */
export const claudeResponses: Group = {
  group: 'claude/openai/responses',
  entries: [...responsesToClaude, ...responsesTools, ...claudeToResponses],
};
