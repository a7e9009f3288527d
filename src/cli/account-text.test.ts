import { describe, expect, it } from 'vitest';
import type { DeskAccount } from '../index.ts';
import { accountLines, accountTable, awayFrom, quotaLines } from './account-text.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const account: DeskAccount = {
  id: 'a.json',
  file: '/auths/a.json',
  provider: 'one',
  type: 'one',
  label: 'ann@example.test',
  note: undefined,
  plan: undefined,
  state: 'ready',
  message: undefined,
  expiresAt: '2026-11-22T20:00:00.000Z',
  refreshedAt: undefined,
  isRenewable: true,
  proxyUrl: undefined,
  warnings: [],
};

describe('the table', () => {
  it('has a row for each account, in columns', () => {
    const other: DeskAccount = { ...account, id: 'b.json', provider: undefined, plan: 'max', state: 'unusable' };
    const quota = [
      { name: '5 hours', remaining: 0.333 },
      { name: 'requests', used: 25, limit: 300 },
      { name: 'chat', unlimited: true },
    ];
    const lines = accountTable(
      [
        { ...account, quota },
        { ...other, quotaError: 'x' },
      ],
      NOW,
    );
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      ['PROVIDER', 'ACCOUNT', 'PLAN', 'STATE', 'EXPIRES', 'QUOTA', 'FILE'],
      [
        'one',
        account.label,
        '-',
        'ready',
        'in 8 h',
        '5 hours 33 % left, requests 275 of 300 left, chat unlimited',
        'a.json',
      ],
      ['one', account.label, 'max', 'unusable', 'in 8 h', 'not told', 'b.json'],
    ]);
    expect(new Set(lines.map((line) => /FILE|[ab]\.json/.exec(line)?.index)).size).toBe(1);
  });
});

describe('what is left of a plan', () => {
  it.each([
    [{ name: 'a', remaining: 0.5, resetsAtMs: NOW + 3_600_000 }, 'a: 50 % left, full again in 60 min'],
    [{ name: 'a', used: 310, limit: 300, unit: 'requests' }, 'a: 0 of 300 requests left'],
    [{ name: 'a', used: 1.239, unit: 'USD' }, 'a: 1.24 USD used'],
    [{ name: 'a' }, 'a: unknown'],
    [{ name: 'a', unlimited: true, used: 3 }, 'a: unlimited'],
  ])('%j', (reading, line) => {
    expect(quotaLines([reading], NOW)).toEqual([line]);
  });
});

it.each([
  [1000, 'in 1 min'],
  [-1000, '1 min ago'],
  [119 * 60_000, 'in 119 min'],
  [-26 * 3_600_000, '26 h ago'],
  [72 * 3_600_000, 'in 3 days'],
])('%d ms is %s', (ms, words) => expect(awayFrom(NOW + ms, NOW)).toBe(words));

it('says everything that is known of an account', () => {
  expect(accountLines({ ...account, plan: 'max', note: 'mine', warnings: ['odd', 'odder'] }, NOW)).toEqual([
    'account:    ann@example.test',
    'provider:   one',
    'file:       /auths/a.json',
    'state:      ready',
    'plan:       max',
    'note:       mine',
    'token ends: 2026-11-22T20:00:00.000Z (in 8 h)',
    'renewable:  yes',
    'warning:    odd',
    'warning:    odder',
  ]);
  const broken = { ...account, provider: undefined, type: 'x', state: 'unusable', message: 'no token' } as const;
  expect(accountLines(broken, NOW)).toContain('provider:   none (type x)');
  expect(accountLines(broken, NOW)).toContain('state:      unusable: no token');
});
