/** Pairs with the Interactions API, which is no dialect here. */
import type { Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';

export const openaiInteractionsChat: Group = {
  group: 'openai/interactions/chat-completions',
  entries: [{ names: names['openai/interactions/chat-completions'], because: reasons.interactions }],
};

export const openaiInteractionsResponses: Group = {
  group: 'openai/interactions/responses',
  entries: [{ names: names['openai/interactions/responses'], because: reasons.interactions }],
};

export const interactionsClaude: Group = {
  group: 'interactions/claude',
  entries: [{ names: names['interactions/claude'], because: reasons.interactions }],
};
