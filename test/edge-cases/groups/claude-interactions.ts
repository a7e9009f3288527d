/** Clients of Google's Interactions API. */
import type { Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';

export const claudeInteractions: Group = {
  group: 'claude/interactions',
  entries: [{ names: names['claude/interactions'], because: reasons.interactions }],
};
