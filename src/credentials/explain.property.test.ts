import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ErrorCode, ProxyError } from '../errors.ts';
import { echo } from '../providers/echo/index.ts';
import type { Target } from '../routing/target.ts';
import { type CredentialManager, createCredentialManager } from './manager.ts';
import { markTried, type PickRequest } from './pool.ts';
import { createStrategy, type StrategyName } from './strategies/index.ts';

interface One {
  readonly priority: number;
  readonly weight: number;
  readonly isAccount: boolean;
  readonly models: number;
  readonly hasTools: boolean;
  readonly most: number;
}

type Op =
  | { readonly op: 'request'; readonly session: number; readonly tools: boolean; readonly fails: ErrorCode | undefined }
  | { readonly op: 'leave-open' | 'end-open' }
  | { readonly op: 'pass'; readonly ms: number }
  | { readonly op: 'quota'; readonly at: number; readonly used: number };

const strategies: StrategyName[] = [
  'round-robin',
  'weighted-round-robin',
  'fill-first',
  'least-in-flight',
  'quota-headroom',
];
const errors: (ErrorCode | undefined)[] = [
  undefined,
  undefined,
  'upstream_rate_limited',
  'upstream_unauthorized',
  'upstream_overloaded',
  'upstream_unreachable',
  'upstream_failed',
];

const one = fc.record<One>({
  priority: fc.integer({ min: 0, max: 2 }),
  weight: fc.integer({ min: 0, max: 3 }),
  isAccount: fc.boolean(),
  models: fc.integer({ min: 1, max: 2 }),
  hasTools: fc.boolean(),
  most: fc.integer({ min: 0, max: 2 }),
});
const op = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant('request' as const),
      session: fc.integer({ min: 0, max: 3 }),
      tools: fc.boolean(),
      fails: fc.constantFrom(...errors),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('leave-open' as const, 'end-open' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('pass' as const), ms: fc.constantFrom(10, 2000, 61_000, 3_700_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('quota' as const), at: fc.nat(7), used: fc.integer({ min: 0, max: 100 }) }),
  },
);

const settings = {
  strategy: fc.constantFrom(...strategies),
  affinityMs: fc.constantFrom(0, 60_000),
  perMinute: fc.constantFrom(0, 0, 6),
};

it('the one that is named is the one that the next pick returns, and asking changes no later pick', () => {
  let picked = 0;
  fc.assert(
    fc.property(
      fc.array(one, { minLength: 1, maxLength: 8 }),
      fc.array(op, { maxLength: 40 }),
      fc.record(settings),
      (pool, ops, chosen) => {
        const targets = pool.flatMap(targetsOf);
        const [asked, silent] = [true, false].map((isAsked) => play(ops, targets, { ...chosen, isAsked }));
        expect(asked?.picks).toEqual(silent?.picks);
        expect(asked?.foretold).toEqual(asked?.picks);
        picked += asked?.picks.filter((shown) => shown !== '-').length ?? 0;
      },
    ),
    { numRuns: 400 },
  );
  expect(picked).toBeGreaterThan(1000);
});

interface Play {
  readonly strategy: StrategyName;
  readonly affinityMs: number;
  readonly perMinute: number;
  readonly isAsked: boolean;
}

function play(ops: readonly Op[], targets: readonly Target[], { strategy, affinityMs, perMinute, isAsked }: Play) {
  let nowMs = 1_700_000_000_000;
  const limits = { maxInFlight: 0, maxWaitMs: 0, maxWaiting: 0, byProvider: new Map() };
  const manager = createCredentialManager({
    clock: { now: () => nowMs },
    strategy: createStrategy(strategy),
    settings: { transientMs: 60_000, disableCooling: false },
    choice: { accountsFirst: true, affinityMs },
    limits: perMinute === 0 ? limits : { ...limits, total: { requestsPerMinute: perMinute, burst: perMinute } },
  });
  const picks: string[] = [];
  const foretold: string[] = [];
  const open: Target[] = [];
  const ask = (request: PickRequest): Target | undefined => {
    if (isAsked) foretold.push(foretell(manager, request));
    const target = manager.pick(request);
    picks.push(shown(target));
    return target;
  };
  for (const step of ops) {
    if (step.op === 'pass') nowMs += step.ms;
    else if (step.op === 'request') request(manager, step, targets, ask);
    else if (step.op === 'quota') tellQuota(manager, targets[step.at % targets.length], step.used, nowMs);
    else if (step.op === 'leave-open') {
      const target = ask({ model: 'm', targets, tried: new Set() });
      if (target === undefined) continue;
      manager.begun(target);
      open.push(target);
    } else {
      const target = open.shift();
      if (target !== undefined) manager.ended(target);
    }
  }
  return { picks, foretold };
}

function foretell(manager: CredentialManager, request: PickRequest): string {
  const { chosen, candidates } = manager.explain(request);
  expect(candidates.length).toBe(request.targets.length);
  for (const { reasons } of candidates) expect(reasons.length).toBeGreaterThan(0);
  const places = candidates.flatMap(({ place }) => place ?? []);
  expect(places).toEqual(places.map((_, index) => index + 1));
  expect(candidates.filter(({ place }) => place === 1)).toEqual(chosen === undefined ? [] : [chosen]);
  return shown(chosen?.target);
}

function request(
  manager: CredentialManager,
  { session, tools, fails }: Extract<Op, { op: 'request' }>,
  targets: readonly Target[],
  ask: (request: PickRequest) => Target | undefined,
): void {
  const tried = new Set<string>();
  const key = session === 0 ? undefined : { key: `s${session}`, shared: session === 3 };
  for (let attempt = 0; attempt < 2; attempt++) {
    const needs = { stream: true, tools, vision: false, inputTokens: 10 };
    const target = ask({ model: 'm', targets, tried, session: () => key, needs: () => needs });
    if (target === undefined) return;
    manager.begun(target);
    if (fails === undefined) {
      manager.succeeded(target);
      manager.ended(target);
      return;
    }
    const error = new ProxyError(fails, 'fake failure');
    manager.failed(target, error);
    manager.ended(target);
    markTried(tried, target, targets, error.scope);
  }
}

function tellQuota(manager: CredentialManager, target: Target | undefined, used: number, nowMs: number): void {
  if (target === undefined) return;
  const reset = String(Math.floor(nowMs / 1000) + 3600);
  manager.answered(target, 200, {
    'anthropic-ratelimit-unified-5h-status': used === 100 ? 'rejected' : 'allowed',
    'anthropic-ratelimit-unified-5h-utilization': String(used / 100),
    'anthropic-ratelimit-unified-5h-reset': reset,
  });
}

function targetsOf({ priority, weight, isAccount, models, hasTools, most }: One, index: number): Target[] {
  const credential = {
    id: `c${index}`,
    provider: 'echo',
    kind: isAccount ? 'account' : 'api-key',
    secret: 'fake-secret',
    label: `c${index}`,
    source: 'test',
    headers: {},
    priority,
    weight,
    excludedModels: [],
    ...(most === 0 ? {} : { maxInFlight: most }),
  } as const;
  const info = { id: 'm', capabilities: { tools: hasTools } };
  return Array.from({ length: models }, (_, number) => ({
    credential,
    provider: echo,
    model: `m${number}`,
    info,
    forceMapping: false,
  }));
}

function shown(target: Target | undefined): string {
  return target === undefined ? '-' : `${target.credential.id} ${target.model}`;
}
