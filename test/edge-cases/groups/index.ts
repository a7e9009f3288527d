/** Every group of edge cases; one line each. */
import type { Group } from '../ledger.ts';
import { openaiClaude } from './openai-claude.ts';

export const groups: readonly Group[] = [openaiClaude];
