/** When a Claude account may be asked again. */
import { expect } from 'vitest';
import { readRetryAfterMs } from '../../../src/pipeline/retry-after.ts';
import type { Group } from '../ledger.ts';

const NOW = Date.UTC(2026, 0, 1);
const inSeconds = (seconds: number): string => String(NOW / 1000 + seconds);
const headers = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`anthropic-ratelimit-unified-${name}`, value]));
const rejected = (window: string, reset: string) => ({ [`${window}-status`]: 'rejected', [`${window}-reset`]: reset });

const cases: readonly (readonly [string, Readonly<Record<string, string>>, number | undefined])[] = [
  ['nothing is said', {}, undefined],
  [
    'nothing is rejected',
    headers({ status: 'allowed', reset: inSeconds(9), '5h-status': 'allowed', '5h-reset': inSeconds(9) }),
    undefined,
  ],
  ['five hours', headers(rejected('5h', inSeconds(60))), 60_000],
  ['a week', headers(rejected('7d', inSeconds(60))), 60_000],
  ['both: the later', headers({ ...rejected('5h', inSeconds(60)), ...rejected('7d', inSeconds(90)) }), 90_000],
  ['one model family alone', headers(rejected('7d_oi', inSeconds(60))), 60_000],
  ['a date', headers(rejected('5h', '2026-01-01T00:02:00Z')), 120_000],
  ['only the whole', headers({ status: 'rejected', reset: inSeconds(30) }), 30_000],
  [
    'windows before the whole',
    headers({ status: 'rejected', reset: inSeconds(5), ...rejected('5h', inSeconds(60)) }),
    60_000,
  ],
  ['already over', headers(rejected('5h', inSeconds(-5))), 0],
  ['no moment', headers(rejected('5h', 'soon')), undefined],
  ['a warning is no rejection', headers({ '5h-status': 'allowed_warning', '5h-reset': inSeconds(60) }), undefined],
  ['plain', { 'retry-after': '7' }, 7000],
];

export const claudeRatelimit: Group = {
  group: 'claude_ratelimit',
  entries: [
    {
      names: ['ParseClaudeRateLimitReset_AllCases'],
      run() {
        for (const [name, given, ms] of cases) expect(readRetryAfterMs(given, NOW), name).toBe(ms);
      },
    },
  ],
};
