/** Groups about accounts, transports and endpoints that are no part of this. */
import type { Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';

const without = (group: keyof typeof names, because: string): Group => ({
  group,
  entries: [{ names: names[group], because }],
});

export const elsewhere: readonly Group[] = [
  without('gemini/interactions', reasons.interactions),
  without('antigravity/interactions', reasons.interactions),
  without('antigravity_executor_interactions', reasons.interactions),
  {
    group: 'antigravity_executor_credits',
    entries: [
      {
        names: ['ParseRetryDelay_HumanReadableDuration'],
        test: 'src/dialects/gemini/errors.test.ts > reads RetryInfo %s',
      },
      {
        names: names.antigravity_executor_credits.filter((name) => !name.startsWith('ParseRetryDelay')),
        because: reasons.otherAccounts,
      },
    ],
  },
  without('antigravity_executor_keepalive', reasons.otherAccounts),
  without('antigravity_executor_transport', reasons.otherAccounts),
  without('antigravity_refresh', reasons.otherAccounts),
  without('antigravity_grounding_urls', reasons.otherAccounts),
  without('antigravity_reasoning_replay_index', reasons.goInternal),
  without('antigravity_preupstream_rewrite_differential', reasons.goInternal),
];
