import type { Group } from '../ledger.ts';
import { claudeBodies } from './claude-executor-bodies.ts';
import { answerBytes } from './claude-executor-bytes.ts';
import { clientKept } from './claude-executor-headers.ts';
import { claudeElsewhere } from './claude-executor-others.ts';
import { foreignThinking } from './claude-executor-signatures.ts';

/** Requests to Claude's servers. */
export const claudeExecutor: Group = {
  group: 'claude_executor',
  entries: [...clientKept, ...foreignThinking, ...answerBytes, ...claudeBodies, ...claudeElsewhere],
};
