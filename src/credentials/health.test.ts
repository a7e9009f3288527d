import { describe, expect, it } from 'vitest';
import { credential } from '../../test/support/test-target.ts';
import { ProxyError } from '../errors.ts';
import { echo } from '../providers/echo/index.ts';
import type { Target } from '../routing/target.ts';
import { createHealth } from './health.ts';
import { createCredentialManager } from './manager.ts';
import { createStrategy } from './strategies/index.ts';

const target = (id: string, baseUrl: string): Target => ({
  credential: credential(id, { baseUrl, priority: id === 'a' ? 1 : 0, disableCooling: true }),
  provider: echo,
  model: 'm',
  info: undefined,
  forceMapping: false,
});

const [a, b] = [target('a', 'http://one.invalid'), target('b', 'http://two.invalid')];
const place = { provider: echo.id, baseUrl: 'http://one.invalid', proxyUrl: undefined };
const unreachable = new ProxyError('upstream_unreachable', 'no');

function setUp() {
  const time = { nowMs: 0 };
  return { time, health: createHealth({ now: () => 0, elapsedMs: () => time.nowMs }) };
}

describe('health', () => {
  it('takes three failures in a row, of requests or probes, and one success', () => {
    const { health } = setUp();
    health.failed(a, unreachable);
    health.failed(a, unreachable);
    health.succeeded(a);
    health.failed(a, unreachable);
    health.failed(a, unreachable);
    expect(health.isWell(a)).toBe(true);
    health.probed(place, 'refused');
    expect(health.knowsSick).toBe(true);
    expect(health.isWell(a)).toBe(false);
    expect(health.isWell(b)).toBe(true);
    expect(health.snapshot()[0]).toMatchObject({ ...place, isWell: false, failures: 3, reason: 'refused' });
    health.probed(place, undefined);
    expect(health.isWell(a)).toBe(true);
    expect(health.knowsSick).toBe(false);
  });

  it('takes no refusal for a failure', () => {
    const { health } = setUp();
    for (let count = 0; count < 5; count++) health.failed(a, new ProxyError('upstream_unauthorized', 'no'));
    expect(health.knowsSick).toBe(false);
  });

  it('probes who is idle, for ten minutes, and who failed, for a day', () => {
    const { health, time } = setUp();
    expect(health.due()).toEqual([]);
    expect(health.isWatching).toBe(false);
    health.begun(a);
    expect(health.isWatching).toBe(true);
    // Requests tell enough.
    expect(health.due()).toEqual([]);
    time.nowMs += 30_000;
    expect(health.due()).toEqual([place]);
    time.nowMs += 10 * 60_000;
    expect(health.due()).toEqual([]);
    expect(health.isWatching).toBe(false);
    health.failed(a, unreachable);
    expect(health.due()).toEqual([place]);
    time.nowMs += 24 * 60 * 60_000;
    expect(health.due()).toEqual([]);
  });

  it('probes who does not answer although requests go there', () => {
    const { health } = setUp();
    for (let count = 0; count < 3; count++) health.failed(a, unreachable);
    health.begun(a);
    expect(health.due()).toEqual([place]);
  });

  it('tells of the first use after each look', () => {
    const { health } = setUp();
    let woken = 0;
    health.onUse(() => woken++);
    health.begun(a);
    health.begun(a);
    expect(woken).toBe(1);
    health.due();
    health.begun(a);
    expect(woken).toBe(2);
  });

  it('stays bounded', () => {
    const { health } = setUp();
    for (let index = 0; index < 1200; index++) health.begun(target(`x${index}`, `http://h${index}.invalid`));
    expect(health.snapshot().length).toBeLessThanOrEqual(512);
  });
});

it('who does not answer comes last, not never', () => {
  const manager = createCredentialManager({
    clock: { now: () => 0 },
    strategy: createStrategy('round-robin'),
    settings: { transientMs: 60_000, disableCooling: true },
  });
  const pick = (targets: readonly Target[]) => manager.pick({ model: 'm', targets, tried: new Set() })?.credential.id;
  expect(pick([a, b])).toBe('a');
  for (let count = 0; count < 3; count++) manager.failed(a, unreachable);
  expect(pick([a, b])).toBe('b');
  expect(pick([a])).toBe('a');
  manager.succeeded(a);
  expect(pick([a, b])).toBe('a');
});
