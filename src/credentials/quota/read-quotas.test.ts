import { expect, it } from 'vitest';
import type { AnswerHeaders } from '../pool.ts';
import { readQuotas } from './read-quotas.ts';

const NOW = Date.UTC(2026, 0, 1);
const S = NOW / 1000;
const read = (headers: AnswerHeaders) => readQuotas(headers, () => NOW);
const plan = (name: string, rest: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(rest).map(([key, value]) => [`anthropic-ratelimit-unified-${name}-${key}`, value]));

it.each<[string, AnswerHeaders, readonly object[]]>([
  ['nothing', { 'content-type': 'application/json' }, []],
  [
    'a Claude plan with room',
    {
      'anthropic-ratelimit-unified-status': 'allowed',
      ...plan('5h', { status: 'allowed', utilization: '0.25', reset: String(S + 60) }),
      ...plan('7d', { status: 'allowed_warning', utilization: '0.9', reset: '2026-01-03T00:00:00Z' }),
    },
    [
      { name: '5h', usedFraction: 0.25, resetsAtMs: NOW + 60_000, of: 'credential' },
      { name: '7d', usedFraction: 0.9, resetsAtMs: NOW + 2 * 86_400_000, of: 'credential' },
    ],
  ],
  [
    'a Claude plan that is used up, and the window of one family of models',
    {
      'anthropic-ratelimit-unified-status': 'rejected',
      ...plan('5h', { status: 'rejected', reset: String(S + 60) }),
      ...plan('7d_oi', { status: 'rejected', utilization: '1.02', reset: String(S + 90) }),
    },
    [
      { name: '5h', usedFraction: 1, resetsAtMs: NOW + 60_000, of: 'credential', spent: 'told' },
      { name: '7d_oi', usedFraction: 1, resetsAtMs: NOW + 90_000, of: 'model', spent: 'told' },
    ],
  ],
  [
    'a Claude plan beyond which paid usage goes on',
    { 'anthropic-ratelimit-unified-status': 'allowed', ...plan('5h', { status: 'rejected', reset: String(S + 60) }) },
    [{ name: '5h', usedFraction: 1, resetsAtMs: NOW + 60_000, of: 'credential' }],
  ],
  [
    'a Claude plan of which nothing usable is said',
    { 'anthropic-ratelimit-unified-status': 'allowed', ...plan('5h', { status: 'allowed', reset: String(S) }) },
    [],
  ],
  [
    'the rates of a Claude key',
    {
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '25',
      'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:10Z',
      'anthropic-ratelimit-output-tokens-limit': '1000',
      'anthropic-ratelimit-output-tokens-remaining': '0',
      'anthropic-ratelimit-output-tokens-reset': '2026-01-01T00:00:20Z',
      'anthropic-ratelimit-tokens-remaining': '5',
    },
    [
      { name: 'requests', usedFraction: 0.5, resetsAtMs: NOW + 10_000, of: 'model' },
      { name: 'output-tokens', usedFraction: 1, resetsAtMs: NOW + 20_000, of: 'model', spent: 'guessed' },
    ],
  ],
  [
    'OpenAI',
    {
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '250',
      'x-ratelimit-reset-requests': '6m0s',
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '20ms',
    },
    [
      { name: 'requests', usedFraction: 0.5, resetsAtMs: NOW + 360_000, of: 'model' },
      { name: 'tokens', usedFraction: 1, resetsAtMs: NOW + 20, of: 'model', spent: 'guessed' },
    ],
  ],
  [
    'OpenRouter: milliseconds since the epoch',
    { 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '15', 'x-ratelimit-reset': String(NOW + 5000) },
    [{ name: 'requests', usedFraction: 0.25, resetsAtMs: NOW + 5000, of: 'model' }],
  ],
  ['rates without a limit, or without a reset', { 'x-ratelimit-remaining': '15', 'x-ratelimit-reset': '5' }, []],
  ['rates that never reset', { 'x-ratelimit-limit': '9', 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': 'x' }, []],
  [
    'a Codex plan',
    {
      'x-codex-primary-used-percent': '100',
      'x-codex-primary-window-minutes': '299',
      'x-codex-primary-reset-after-seconds': '90',
      'x-codex-secondary-used-percent': '12.5',
      'x-codex-secondary-window-minutes': '10080',
      'x-codex-secondary-reset-at': String(S + 600),
    },
    [
      { name: '5h', usedFraction: 1, resetsAtMs: NOW + 90_000, of: 'credential', spent: 'told' },
      { name: '7d', usedFraction: 0.125, resetsAtMs: NOW + 600_000, of: 'credential' },
    ],
  ],
  [
    'a Codex plan with credits, in older words',
    {
      'x-codex-primary-used-percent': '130',
      'x-codex-primary-resets-in-seconds': '1.5',
      'x-codex-credits-has-credits': 'True',
      'x-codex-secondary-used-percent': '10',
    },
    [{ name: 'primary', usedFraction: 1, resetsAtMs: NOW + 1500, of: 'credential' }],
  ],
])('%s', (_, headers, readings) => {
  expect(read(headers)).toEqual(readings);
});
