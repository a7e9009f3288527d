/** Every group of edge cases; one line each. */
import type { Group } from '../ledger.ts';
import { claudeGemini } from './claude-gemini.ts';
import { claudeInteractions } from './claude-interactions.ts';
import { codexClaude } from './codex-claude.ts';
import { openaiClaude } from './openai-claude.ts';

export const groups: readonly Group[] = [claudeGemini, claudeInteractions, codexClaude, openaiClaude];
