import { describe, expect, it } from 'vitest';
import { upstreamError } from '../../errors.ts';
import { echo } from '../../providers/echo/index.ts';
import type { Target } from '../../routing/target.ts';
import type { AnswerHeaders } from '../pool.ts';
import { createQuotas } from './quotas.ts';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

function target(id: string, model = 'm'): Target {
  const credential = { id, provider: 'test', kind: 'none', secret: undefined, label: id, source: 'test' } as const;
  const rest = { headers: {}, priority: 0, weight: 1, excludedModels: [] };
  return { credential: { ...credential, ...rest }, provider: echo, model, info: undefined, forceMapping: false };
}

function setUp() {
  const time = { nowMs: NOW };
  return { time, quotas: createQuotas({ now: () => time.nowMs }) };
}

const codex = (percent: number, resetS: number, window = 'primary'): AnswerHeaders => ({
  [`x-codex-${window}-used-percent`]: String(percent),
  [`x-codex-${window}-reset-after-seconds`]: String(resetS),
});
const rate = (remaining: number, resetS: number): AnswerHeaders => ({
  'x-ratelimit-limit-requests': '10',
  'x-ratelimit-remaining-requests': String(remaining),
  'x-ratelimit-reset-requests': `${resetS}s`,
});
const a = target('a');

describe('what is left', () => {
  it('is that of the fullest window that counts for the model, until it ends', () => {
    const { quotas, time } = setUp();
    expect(quotas.headroom(a)).toBeUndefined();
    quotas.read(a, { ...codex(25, 600), ...codex(50, 60, 'secondary') });
    quotas.read(target('a', 'other'), rate(1, 30));
    expect(quotas.headroom(a)).toEqual({ leftFraction: 0.5, resetsAtMs: NOW + 60_000 });
    expect(quotas.headroom(target('a', 'other'))?.leftFraction).toBeCloseTo(0.1);
    expect(quotas.headroom(target('b'))).toBeUndefined();
    time.nowMs += 60_000;
    expect(quotas.headroom(a)).toEqual({ leftFraction: 0.75, resetsAtMs: NOW + 600_000 });
    time.nowMs += 540_000;
    expect(quotas.headroom(a)).toBeUndefined();
    expect(quotas.snapshot()).toEqual([]);
  });

  it('is the last that was told, a week ahead at most', () => {
    const { quotas } = setUp();
    quotas.read(a, codex(25, 600));
    quotas.read(a, codex(75, 400 * 86_400));
    expect(quotas.windows('a')).toEqual([
      { name: 'primary', model: undefined, usedFraction: 0.75, resetsAtMs: NOW + 7 * DAY, observedAtMs: NOW },
    ]);
    quotas.drop('a');
    expect(quotas.windows('a')).toEqual([]);
  });

  it('does not last longer because the clock was set back', () => {
    const { quotas, time } = setUp();
    quotas.read(a, codex(75, 600));
    time.nowMs -= DAY;
    expect(quotas.headroom(a)).toBeUndefined();
  });

  it('does not grow with the names that clients invent', () => {
    const { quotas } = setUp();
    for (let index = 0; index < 1000; index++) quotas.read(target('a', `model-${index}`), rate(5, 60));
    expect(quotas.windows('a').length).toBe(256);
  });
});

describe('a window that is used up', () => {
  it('of a plan keeps the whole account back by the word of its provider', () => {
    const { quotas } = setUp();
    const spent = quotas.read(a, { ...codex(100, 90), ...rate(0, 900) });
    expect(spent?.cooldown).toEqual({
      scope: 'credential',
      ms: 90_000,
      raisesLevel: false,
      isGuess: false,
      holds: true,
    });
    expect(spent?.error).toMatchObject({ code: 'upstream_rate_limited', retryAfterMs: 90_000 });
  });

  it('of a rate keeps one model back, by a guess', () => {
    const { quotas } = setUp();
    expect(quotas.read(a, rate(0, 30))?.cooldown).toMatchObject({ scope: 'model', ms: 30_000, isGuess: true });
    expect(quotas.read(a, rate(1, 30))).toBeUndefined();
    expect(quotas.read(a, {})).toBeUndefined();
    expect(quotas.read(a, rate(0, 0))).toBeUndefined();
  });

  it('may be told by a refusal', () => {
    const { quotas } = setUp();
    const refusal = { status: 429, message: 'x', retryAfterMs: 5000 };
    quotas.failed(a, upstreamError(refusal));
    quotas.failed(a, upstreamError({ ...refusal, limitName: 'requests-per-day' }));
    quotas.failed(a, upstreamError({ status: 429, message: 'x', limitName: 'no time' }));
    quotas.failed(a, upstreamError({ ...refusal, type: 'usage_limit_reached' }));
    const rest = { usedFraction: 1, resetsAtMs: NOW + 5000, observedAtMs: NOW };
    expect(quotas.windows('a')).toEqual([
      { name: 'plan', model: undefined, ...rest },
      { name: 'requests-per-day', model: 'm', ...rest },
    ]);
  });
});

describe('over a restart', () => {
  it('gauges come back', () => {
    const before = setUp();
    before.quotas.read(a, { ...codex(25, 600), ...rate(5, 60) });
    const rows = before.quotas.source.changed();
    expect(rows.map(({ key, expiresAtMs }) => [key, expiresAtMs])).toEqual([['a', NOW + 600_000]]);
    expect(before.quotas.source.changed()).toEqual([]);
    const after = setUp();
    after.time.nowMs -= 1000;
    const shift = rows.map((row) => ({ ...row, value: JSON.parse(JSON.stringify(row.value)), shiftMs: -1000 }));
    after.quotas.source.restore(shift);
    expect(after.quotas.windows('a').map(({ name, model, resetsAtMs }) => [name, model, resetsAtMs])).toEqual([
      ['primary', undefined, NOW + 599_000],
      ['requests', 'm', NOW + 59_000],
    ]);
    before.time.nowMs += 600_000;
    before.quotas.read(target('b'), codex(5, 0));
    expect(before.quotas.source.changed()).toEqual([{ key: 'b', value: undefined, expiresAtMs: 0 }]);
  });

  it.each([
    ['no list', {}],
    ['no objects', [1, null]],
    ['no name', [{ usedFraction: 1, resetsAtMs: NOW + 1, observedAtMs: NOW }]],
    ['no number', [{ name: 'x', usedFraction: '1', resetsAtMs: NOW + 1, observedAtMs: NOW }]],
    ['over', [{ name: 'x', usedFraction: 1, resetsAtMs: NOW, observedAtMs: NOW - 5 }]],
  ])('leaves out what it has not written: %s', (_, value) => {
    const { quotas } = setUp();
    quotas.source.restore([{ key: 'a', value, expiresAtMs: 0, shiftMs: 0 }]);
    expect(quotas.snapshot()).toEqual([]);
  });
});
