import { describe, expect, it } from 'vitest';
import { credential } from '../../test/support/test-target.ts';
import { ProxyError, upstreamError } from '../errors.ts';
import { echo } from '../providers/echo/index.ts';
import type { Target } from '../routing/target.ts';
import type { Credential } from './credential.ts';
import { createCredentialManager } from './manager.ts';
import { createStrategy } from './strategies/index.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function target(id: string, change: Partial<Credential> = {}, model = 'm'): Target {
  return { credential: credential(id, change), provider: echo, model, info: undefined, forceMapping: false };
}

/** `steady`: the machine has a clock that only goes on. */
function setUp({ steady = true } = {}) {
  const time = { wallMs: 1_000_000, steadyMs: 50 };
  const manager = createCredentialManager({
    clock: { now: () => time.wallMs, ...(steady && { elapsedMs: () => time.steadyMs }) },
    strategy: createStrategy('fill-first'),
    settings: { transientMs: MINUTE, disableCooling: false },
  });
  return {
    manager,
    time,
    pass(ms: number): void {
      time.wallMs += ms;
      time.steadyMs += ms;
    },
    picked: (targets: readonly Target[], ...tried: string[]): string =>
      manager.pick({ model: 'm', targets, tried: new Set(tried) })?.credential.id ?? '-',
  };
}

const status = (code: number, retryAfterMs?: number): ProxyError =>
  upstreamError({ status: code, message: 'test', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
const [a, b, c, d] = [target('a'), target('b'), target('c'), target('d')];

describe('the last one left', () => {
  it("pauses by a guess: it is tried after those who failed by the provider's word", () => {
    const { manager, picked } = setUp();
    manager.failed(a, status(500));
    expect(picked([a, b])).toBe('b');
    manager.failed(b, status(429, 60_000));
    expect(picked([a, b], 'b')).toBe('a');
    manager.failed(a, status(500));
    expect(picked([a, b], 'b', 'a')).toBe('-');
  });

  it("is not tried after another guess has failed, nor when it pauses by the provider's word", () => {
    const { manager, picked } = setUp();
    for (const one of [a, b]) manager.failed(one, status(500));
    expect(picked([a, b], 'a')).toBe('-');
    manager.failed(c, status(429, 60_000));
    expect(picked([c, d], 'd')).toBe('-');
  });
});

describe('the end of a cooldown', () => {
  it('lets exactly one request through; its success lets all', () => {
    const { manager, picked, pass } = setUp();
    manager.failed(a, status(429, 5000));
    pass(5000);
    expect(picked([a, b])).toBe('a');
    manager.begun(a);
    expect([picked([a, b]), picked([a, b])]).toEqual(['b', 'b']);
    manager.answered(a, 200, {});
    manager.ended(a);
    manager.succeeded(a);
    expect([picked([a, b]), picked([a, b])]).toEqual(['a', 'a']);
  });

  it.each([
    ['429', 429, [1000, 2000, 4000]],
    ['500', 500, [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 10 * MINUTE, 10 * MINUTE]],
    ['401', 401, [30 * MINUTE, 30 * MINUTE]],
  ])('after a failed test waits for the next step: %s', (_, code, waits) => {
    const { manager, picked, pass } = setUp();
    for (const wait of waits) {
      manager.failed(a, status(code));
      expect(manager.retryAfterMs([a])).toBe(wait);
      pass(wait);
      expect([picked([a, b]), picked([a, b])]).toEqual(['a', 'b']);
    }
  });

  it('a test that never comes to an attempt keeps others away for seconds, one that says nothing for minutes', () => {
    const { manager, picked, pass } = setUp();
    manager.failed(a, status(500));
    pass(MINUTE);
    expect([picked([a, b]), picked([a, b])]).toEqual(['a', 'b']);
    pass(5000);
    expect(picked([a, b])).toBe('a');
    manager.begun(a);
    pass(9 * MINUTE);
    expect(picked([a, b])).toBe('b');
    pass(MINUTE);
    expect(picked([a, b])).toBe('a');
  });

  it('a long answer that has begun well keeps others away for seconds; one that was refused does not count', () => {
    const { manager, picked, pass } = setUp();
    manager.failed(a, status(500));
    pass(MINUTE);
    picked([a, b]);
    manager.begun(a);
    manager.answered(a, 503, {});
    pass(11_000);
    expect(picked([a, b])).toBe('b');
    manager.answered(a, 200, {});
    pass(9999);
    expect(picked([a, b])).toBe('b');
    pass(1);
    expect(picked([a, b])).toBe('a');
  });

  it('while it is tested, others use it only when nothing else is left', () => {
    const { manager, picked, pass } = setUp();
    manager.failed(a, status(401));
    pass(30 * MINUTE);
    expect(picked([a])).toBe('a');
    expect(picked([a])).toBe('a');
    expect(picked([a, b])).toBe('b');
    expect(picked([a, b], 'b')).toBe('a');
    expect(picked([a, b], 'a', 'b')).toBe('-');
  });

  it('a request that has failed already does not test another account while there are well ones', () => {
    const { manager, picked, pass } = setUp();
    manager.failed(a, status(500));
    pass(MINUTE);
    expect(picked([a, b, c], 'b')).toBe('c');
    expect(picked([a, b, c], 'b', 'c')).toBe('a');
  });

  it('is forgotten half an hour after nobody has tried', () => {
    const { manager, picked, pass } = setUp();
    manager.failed(a, status(500));
    pass(32 * MINUTE);
    picked([b]);
    expect(manager.cooldownOf?.(a)).toBeUndefined();
  });
});

describe('clocks that jump', () => {
  it.each([true, false])(
    'back by a day: the cooldown is no longer than it was meant to be (steady clock: %s)',
    (steady) => {
      const { manager, picked, pass, time } = setUp({ steady });
      manager.failed(a, status(429, 10 * MINUTE));
      pass(4 * MINUTE);
      expect(picked([a, b])).toBe('b');
      time.wallMs -= DAY;
      expect(manager.retryAfterMs([a])).toBe(6 * MINUTE);
      pass(6 * MINUTE);
      expect(picked([a, b])).toBe('a');
    },
  );

  it('forwards by a day: nobody is free; each lets a single request through', () => {
    const { manager, picked, time } = setUp();
    for (const one of [a, b]) manager.failed(one, status(401));
    time.wallMs += DAY;
    expect([picked([a, b, c]), picked([a, b, c]), picked([a, b, c])]).toEqual(['a', 'b', 'c']);
    manager.failed(a, status(401));
    expect(manager.retryAfterMs([a])).toBe(30 * MINUTE);
  });
});

describe('an outage of the provider', () => {
  const all = [a, b, c, d];
  const unreachable = new ProxyError('upstream_unreachable', 'refused');

  it('two overloaded accounts speak for the others, which a single try per request still reaches', () => {
    const { manager, picked, pass } = setUp();
    manager.failed(a, status(529));
    expect(picked(all, 'a')).toBe('b');
    manager.failed(b, status(529));
    expect(picked(all, 'a', 'b')).toBe('-');
    expect(manager.cooldownOf?.(c)).toMatchObject({
      scope: 'provider',
      standing: 'guessed',
      code: 'upstream_overloaded',
    });
    expect(manager.retryAfterMs([c])).toBe(MINUTE);
    // Another provider comes first.
    const other = target('other', { baseUrl: 'http://elsewhere.test', priority: -5 });
    expect(picked([...all, other])).toBe('other');
    expect(picked(all)).toBe('c');
    manager.succeeded(c);
    expect(picked(all)).toBe('c');
    pass(MINUTE);
    expect(manager.cooldownOf?.(d)).toBeUndefined();
  });

  it('is tested by one request after its end, and lasts longer when that fails', () => {
    const { manager, picked, pass } = setUp();
    manager.failed(a, status(529));
    manager.failed(b, status(529));
    pass(MINUTE);
    expect([picked([c, d]), manager.cooldownOf?.(d)?.standing]).toEqual(['c', 'tested']);
    manager.failed(c, status(529));
    expect(manager.retryAfterMs([d])).toBe(2 * MINUTE);
  });

  it('an overloaded model says nothing of other models; an unreachable host does', () => {
    const { manager } = setUp();
    const other = target('d', {}, 'other');
    for (const one of [a, b]) manager.failed(one, status(529));
    expect(manager.retryAfterMs([other])).toBe(0);
    for (const one of [a, b]) manager.failed(one, unreachable);
    expect(manager.retryAfterMs([other])).toBe(0);
    manager.failed(c, unreachable);
    expect(manager.retryAfterMs([other])).toBe(MINUTE);
    expect(manager.retryAfterMs([target('e', { proxyUrl: 'http://proxy.test' })])).toBe(0);
  });

  it('one account that fails over and over, plain failures, and failures long apart are none', () => {
    const { manager, pass } = setUp();
    manager.failed(a, status(529));
    manager.failed(a, status(529));
    for (const one of [a, b, c]) manager.failed(one, status(500));
    expect(manager.retryAfterMs([d])).toBe(0);
    pass(2 * MINUTE + 1);
    manager.failed(b, status(529));
    expect(manager.retryAfterMs([d])).toBe(0);
    manager.succeeded(a);
    manager.failed(c, status(529));
    expect(manager.retryAfterMs([d])).toBe(0);
  });
});

describe('taking back', () => {
  it('exactly the last failure: what was before is there again', () => {
    const { manager, pass } = setUp();
    manager.failed(a, status(429, 90_000));
    manager.failed(a, status(500));
    manager.failed(a, status(401));
    expect(manager.retryAfterMs([a])).toBe(30 * MINUTE);
    manager.forgiven(a);
    expect(manager.retryAfterMs([a])).toBe(90_000);
    manager.forgiven(a);
    expect(manager.retryAfterMs([a])).toBe(90_000);
    pass(90_000);
    manager.succeeded(a);
    manager.failed(a, status(500));
    manager.forgiven(a);
    expect(manager.cooldownOf?.(a)).toBeUndefined();
  });

  it('not what a success has ended since, and not what another failure has made of it', () => {
    const { manager } = setUp();
    manager.failed(a, status(429, 90_000));
    manager.failed(a, status(401));
    manager.succeeded(a);
    manager.forgiven(a);
    expect(manager.cooldownOf?.(a)).toBeUndefined();
    manager.failed(target('a', {}, 'other'), status(401));
    manager.failed(a, status(402));
    manager.forgiven(target('a', {}, 'other'));
    expect(manager.retryAfterMs([a])).toBe(30 * MINUTE);
  });

  it('the outage it made, too', () => {
    const { manager } = setUp();
    manager.failed(a, status(529));
    manager.failed(b, status(529));
    manager.forgiven(b);
    expect(manager.retryAfterMs([d])).toBe(0);
    manager.failed(b, status(529));
    expect(manager.retryAfterMs([d])).toBe(MINUTE);
  });
});

describe('success and resets', () => {
  const planSpent = upstreamError({ status: 429, message: 'x', retryAfterMs: 60 * MINUTE, limitOf: 'credential' });

  it('a success does not end a spent plan: its answer was begun before', () => {
    const { manager, picked } = setUp();
    manager.failed(a, planSpent);
    manager.succeeded(a);
    expect(picked([a])).toBe('-');
    manager.reset('a');
    expect(picked([a])).toBe('a');
  });

  it('by hand: one model with what keeps all of the credential back, or everything', () => {
    const { manager } = setUp();
    const other = target('a', {}, 'other');
    for (const one of [a, other]) manager.failed(one, status(429, 5000));
    manager.failed(a, status(401));
    manager.reset('a', 'm');
    expect([manager.retryAfterMs([a]), manager.retryAfterMs([other])]).toEqual([0, 5000]);
    for (const one of [a, b]) manager.failed(one, status(529));
    manager.resetAll();
    expect([a, b, d, other].map((one) => manager.retryAfterMs([one]))).toEqual([0, 0, 0, 0]);
  });

  it('a renewed token ends what its predecessor was refused for, and nothing else', () => {
    const { manager } = setUp();
    manager.failed(a, status(429, 5000));
    manager.failed(a, status(401));
    manager.renewed('a');
    expect(manager.retryAfterMs([a])).toBe(5000);
    manager.failed(b, status(402));
    manager.renewed('b');
    expect(manager.retryAfterMs([b])).toBe(30 * MINUTE);
  });

  it('hints are believed for a week at most', () => {
    const { manager } = setUp();
    manager.failed(a, status(429, 400 * DAY));
    expect(manager.retryAfterMs([a])).toBe(7 * DAY);
  });
});

describe('over a restart', () => {
  const source = (manager: ReturnType<typeof setUp>['manager']) => {
    const found = manager.stateSources.find(({ kind }) => kind === 'cooldown');
    if (found === undefined) throw new Error('cooldowns are not kept');
    return found;
  };

  it('cooldowns go on where they were, steps included', () => {
    const before = setUp();
    for (let step = 0; step < 3; step++) {
      before.manager.failed(a, status(429));
      before.pass(before.manager.retryAfterMs([a]));
    }
    before.manager.failed(a, status(429));
    before.manager.failed(b, planSpentFor(60 * MINUTE));
    const rows = source(before.manager).changed();
    expect(source(before.manager).changed()).toEqual([]);
    expect(rows.map(({ key }) => key)).toEqual(['a', 'b']);

    const after = setUp();
    after.time.wallMs = before.time.wallMs + 5000;
    const saved = rows.map((row) => ({ ...row, value: JSON.parse(JSON.stringify(row.value)), shiftMs: 0 }));
    source(after.manager).restore(saved);
    expect(after.manager.retryAfterMs([a])).toBe(3000);
    expect(after.manager.retryAfterMs([b])).toBe(60 * MINUTE - 5000);
    expect(after.manager.cooldownOf?.(b)).toMatchObject({ scope: 'credential', standing: 'told', status: 429 });
    after.pass(3000);
    after.manager.failed(a, status(429));
    expect(after.manager.retryAfterMs([a])).toBe(16_000);
    expect(
      source(after.manager)
        .changed()
        .map(({ key }) => key),
    ).toEqual(['a']);
  });

  it('says that nothing is left to keep', () => {
    const { manager } = setUp();
    manager.failed(a, status(401));
    manager.succeeded(a);
    expect(source(manager).changed()).toEqual([{ key: 'a', value: undefined, expiresAtMs: 0 }]);
  });

  it.each([
    ['no list', 5],
    ['no objects', [1, null]],
    ['an unknown code', [{ code: 'x', durationMs: 1000, startedAtMs: 1_000_000 }]],
    ['no duration', [{ code: 'internal', startedAtMs: 1_000_000 }]],
    ['long over', [{ code: 'internal', durationMs: 1000, startedAtMs: 1_000_000 - DAY }]],
  ])('leaves out what it has not written: %s', (_, value) => {
    const { manager } = setUp();
    source(manager).restore([{ key: 'a', value, expiresAtMs: 0, shiftMs: 0 }]);
    expect(manager.cooldownOf?.(a)).toBeUndefined();
  });

  it('a start that lies ahead, or a duration without bounds, does not last longer than a cooldown may', () => {
    const { manager } = setUp();
    const row = { code: 'upstream_rate_limited', durationMs: 400 * DAY, startedAtMs: 1_000_000 + DAY };
    source(manager).restore([{ key: 'a', value: [row], expiresAtMs: 0, shiftMs: 0 }]);
    expect(manager.retryAfterMs([a])).toBe(7 * DAY);
  });
});

function planSpentFor(retryAfterMs: number): ProxyError {
  return upstreamError({ status: 429, message: 'x', retryAfterMs, limitOf: 'credential' });
}
