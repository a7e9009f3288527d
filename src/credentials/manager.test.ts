import { describe, expect, it } from 'vitest';
import { credential } from '../../test/support/test-target.ts';
import { ProxyError, upstreamError } from '../errors.ts';
import { echo } from '../providers/echo/index.ts';
import type { Target } from '../routing/target.ts';
import type { Credential } from './credential.ts';
import { createCredentialManager } from './manager.ts';
import { createStrategy } from './strategies/index.ts';

const NONE: ReadonlySet<string> = new Set();

function target(id: string, change: Partial<Credential> = {}, model = 'm'): Target {
  return { credential: credential(id, change), provider: echo, model, info: undefined, forceMapping: false };
}

function setUp(settings: { transientMs?: number; disableCooling?: boolean } = {}) {
  const time = { nowMs: 1_000_000 };
  const manager = createCredentialManager({
    clock: { now: () => time.nowMs },
    strategy: createStrategy('round-robin'),
    settings: { transientMs: 60_000, disableCooling: false, ...settings },
  });
  const picked = (targets: readonly Target[], tried = NONE, model = 'm'): string =>
    manager.pick({ model, targets, tried })?.credential.id ?? '-';
  return { time, manager, picked };
}

const status = (code: number, retryAfterMs?: number): ProxyError =>
  upstreamError({ status: code, message: 'test', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

describe('picking', () => {
  const [a, b, c] = [target('a'), target('b'), target('c')];

  it('takes turns', () => {
    const { picked } = setUp();
    const targets = [a, b, c];
    expect([1, 2, 3, 4].map(() => picked(targets)).join('')).toBe('abca');
  });

  it('fails over to everybody once, then gives up', () => {
    const { picked } = setUp();
    const tried = new Set<string>();
    const order: string[] = [];
    for (let next = picked([a, b, c], tried); next !== '-'; next = picked([a, b, c], tried)) {
      order.push(next);
      tried.add(next);
    }
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('uses a lower priority only when the higher ones are out', () => {
    const { manager, picked } = setUp();
    const targets = [target('low', { priority: -1 }), target('high', { priority: 5 }), target('mid')];
    expect(picked(targets)).toBe('high');
    expect(picked(targets)).toBe('high');
    expect(picked(targets, new Set(['high']))).toBe('mid');
    for (const each of targets.slice(1)) manager.failed(each, status(401));
    expect(picked(targets)).toBe('low');
  });
});

describe('cooldown', () => {
  const [a, b] = [target('a'), target('b')];

  it('skips a credential until its time is over', () => {
    const { manager, picked, time } = setUp();
    manager.failed(a, status(500));
    expect([picked([a, b]), picked([a, b])]).toEqual(['b', 'b']);
    time.nowMs += 59_999;
    expect([picked([a, b]), picked([a, b])]).toEqual(['b', 'b']);
    time.nowMs += 1;
    expect([picked([a, b]), picked([a, b])].sort()).toEqual(['a', 'b']);
  });

  it('tries the one whose pause ends first when all rest after passing failures, once per request', () => {
    const { manager, picked, time } = setUp();
    manager.failed(a, status(500));
    time.nowMs += 1000;
    manager.failed(b, status(503));
    expect(picked([a, b])).toBe('a');
    expect(picked([a, b], new Set(['a']))).toBe('-');
    time.nowMs += 1;
    manager.failed(a, status(500));
    expect(picked([a, b])).toBe('b');
  });

  it("keeps to a provider's own word, also when nobody else is left", () => {
    const { manager, picked } = setUp();
    manager.failed(a, status(503, 5000));
    expect(picked([a])).toBe('-');
    manager.failed(b, status(500));
    manager.failed(b, status(401));
    expect(picked([a, b])).toBe('-');
  });

  it('rests one model after 429 and 5xx, the whole credential after 401', () => {
    const { manager, picked } = setUp();
    const other = target('a', {}, 'other');
    manager.failed(a, status(429, 5000));
    expect([picked([a]), picked([other], NONE, 'other')]).toEqual(['-', 'a']);
    manager.failed(a, status(401));
    expect(picked([other], NONE, 'other')).toBe('-');
  });

  it('doubles with each window of bare 429s, not with each request in it, and forgets on success', () => {
    const { manager, time } = setUp();
    const waits: number[] = [];
    for (let window = 0; window < 3; window++) {
      manager.failed(a, status(429));
      manager.failed(a, status(429));
      waits.push(manager.retryAfterMs([a]));
      time.nowMs += manager.retryAfterMs([a]);
    }
    expect(waits).toEqual([1000, 2000, 4000]);
    manager.succeeded(a);
    manager.failed(a, status(429));
    expect(manager.retryAfterMs([a])).toBe(1000);
  });

  it('never shortens a window', () => {
    const { manager } = setUp();
    manager.failed(a, status(429, 90_000));
    manager.failed(a, status(500));
    expect(manager.retryAfterMs([a])).toBe(90_000);
    manager.failed(a, status(429, 120_000));
    expect(manager.retryAfterMs([a])).toBe(120_000);
  });

  it('ends with a success, for the credential as a whole too', () => {
    const { manager, picked } = setUp();
    manager.failed(a, status(403));
    manager.failed(a, status(500));
    manager.succeeded(a);
    expect(picked([a])).toBe('a');
    expect(manager.snapshot()).toEqual([]);
  });

  it('says when the first of several may be tried again', () => {
    const { manager } = setUp();
    manager.failed(a, status(429, 9000));
    manager.failed(b, status(429, 4000));
    expect(manager.retryAfterMs([a, b])).toBe(4000);
    expect(manager.retryAfterMs([a, b, target('c')])).toBe(0);
    expect(manager.retryAfterMs([])).toBe(0);
  });

  it('ignores the faults of requests', () => {
    const { manager, picked } = setUp();
    for (const code of [400, 404, 413, 422]) manager.failed(a, status(code));
    manager.failed(a, new ProxyError('client_closed', 'gone'));
    expect(picked([a])).toBe('a');
  });
});

describe('cooling switched off', () => {
  it('globally, unless the credential insists', () => {
    const { manager, picked } = setUp({ disableCooling: true });
    const insists = target('insists', { disableCooling: false });
    manager.failed(target('a'), status(401));
    manager.failed(insists, status(401));
    expect([picked([target('a')]), picked([insists])]).toEqual(['a', '-']);
  });

  it('for one credential, which is still tried once per request only', () => {
    const { manager, picked } = setUp();
    const a = target('a', { disableCooling: true });
    manager.failed(a, status(401));
    expect([picked([a]), picked([a], new Set(['a']))]).toEqual(['a', '-']);
    expect(manager.retryAfterMs([a])).toBe(0);
  });

  it('for transient errors only', () => {
    const { manager, picked } = setUp({ transientMs: 0 });
    const a = target('a');
    manager.failed(a, status(503));
    expect(picked([a])).toBe('a');
    manager.failed(a, status(429));
    expect(picked([a])).toBe('-');
  });
});

describe('operations', () => {
  it('shows and ends cooldowns', () => {
    const { manager, picked, time } = setUp();
    const a = target('a');
    manager.failed(a, status(429, 5000));
    manager.failed(a, status(402));
    expect(manager.snapshot()).toEqual([
      { credentialId: 'a', model: undefined, untilMs: time.nowMs + 1_800_000, code: 'upstream_payment_required' },
      { credentialId: 'a', model: 'm', untilMs: time.nowMs + 5000, code: 'upstream_rate_limited' },
    ]);
    manager.reset('a');
    expect(picked([a])).toBe('a');
  });

  it('takes new settings and a new strategy while it runs', () => {
    const { manager, picked } = setUp();
    const targets = [target('a'), target('b')];
    picked(targets);
    manager.configure({ strategy: createStrategy('fill-first'), settings: { transientMs: 0, disableCooling: false } });
    manager.failed(targets[0] ?? target('a'), status(500));
    expect([picked(targets), picked(targets)]).toEqual(['a', 'a']);
  });

  it('stays quick with 2,000 credentials of which half are cooling down', () => {
    const { manager, picked } = setUp();
    const targets = Array.from({ length: 2000 }, (_, index) => target(`c${index}`));
    for (const each of targets.slice(0, 1000)) manager.failed(each, status(401));
    const start = performance.now();
    for (let index = 0; index < 1000; index++) expect(Number(picked(targets).slice(1))).toBeGreaterThanOrEqual(1000);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
