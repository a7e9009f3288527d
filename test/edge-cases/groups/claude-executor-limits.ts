/** Limits of Claude accounts: whom they stop, and for how long. */
import { expect } from 'vitest';
import type { UpstreamHandler } from '../../support/pipeline-harness.ts';
import { message, text } from '../claude-wire.ts';
import { claudeAsk, type Gateway, withGateway } from '../gateway.ts';
import type { Entry, Group } from '../ledger.ts';
import { claudeError, jsonAnswer, keyOf } from '../server-answers.ts';

const hourFromNow = (): string => String(Math.floor(Date.now() / 1000) + 3600);
const window = (name: string, status = 'rejected') => ({
  [`Anthropic-Ratelimit-Unified-${name}-Status`]: status,
  [`Anthropic-Ratelimit-Unified-${name}-Reset`]: hourFromNow(),
});
const limited = (headers: Readonly<Record<string, string>> = {}, words?: string): UpstreamHandler =>
  jsonAnswer(claudeError('rate_limit_error', words), 429, headers);
const ok = jsonAnswer(message([text('fine')]));

/** The first key is limited while it serves `up`; everything else is answered. */
const onlyUp =
  (refuse: UpstreamHandler): UpstreamHandler =>
  (request, response, body) =>
    (keyOf(request) === 'sk-up-1' && JSON.parse(body).model === 'up' ? refuse : ok)(request, response, body);
const ask = (gateway: Gateway, model = 'up', more: object = {}) =>
  gateway.post('/v1/messages', { ...claudeAsk, model, ...more });
const models = (gateway: Gateway) => gateway.seen.map(({ body }) => body.model);

/** Whether a refusal of one model stops the other model of the same key. */
async function stopsSibling(refuse: UpstreamHandler): Promise<boolean> {
  let stopped = false;
  await withGateway(onlyUp(refuse), async (gateway) => {
    expect((await ask(gateway)).status).toBe(429);
    stopped = (await ask(gateway, 'other')).status === 429;
    expect(models(gateway)).toEqual(stopped ? ['up'] : ['up', 'other']);
  });
  return stopped;
}

async function seconds(headers: Readonly<Record<string, string>>, more: object = {}): Promise<number> {
  let waits = Number.NaN;
  await withGateway(limited(headers), async (gateway) => {
    const got = await ask(gateway, 'up', more);
    expect(got.status).toBe(429);
    waits = Number(got.headers.get('retry-after'));
  });
  return waits;
}

const anHour = (waits: number): void => {
  expect(waits).toBeGreaterThan(3590);
  expect(waits).toBeLessThanOrEqual(3600);
};

const fable: readonly Entry[] = [
  {
    names: [
      'ClassifyClaudeUpstreamError_FableOnlyRejectionIsModelScoped',
      'ClaudeExecutor_AuthManager_FableOnlyRejectionDoesNotBlockOpus',
    ],
    async run() {
      expect(
        await stopsSibling(limited({ ...window('7d_oi'), ...window('5h', 'allowed'), ...window('7d', 'allowed') })),
      ).toBe(false);
    },
  },
  {
    names: ['ClassifyClaudeUpstreamError_SharedOrAmbiguousRejectionRemainsCredentialScoped'],
    async run() {
      expect(await stopsSibling(limited({ ...window('7d_oi'), ...window('7d') }))).toBe(true);
    },
  },
  {
    names: ['ClassifyClaudeUpstreamError_FableRetryDuration'],
    async run() {
      anHour(await seconds(window('7d_oi')));
    },
  },
];

const limits: readonly Entry[] = [
  {
    names: [
      'ClaudeExecutor_HonorsAnthropicRateLimitHeaders_Execute',
      'ClaudeExecutor_RateLimit_CaseInsensitiveRawHeaderMap',
    ],
    async run() {
      anHour(await seconds(window('5h')));
    },
  },
  {
    names: ['ClaudeExecutor_HonorsAnthropicRateLimitHeaders_ExecuteStream'],
    async run() {
      anHour(await seconds(window('5h'), { stream: true }));
    },
  },
  {
    names: ['ClaudeExecutor_RateLimit_BothRejectedUsesLongest'],
    async run() {
      const soon = { 'Anthropic-Ratelimit-Unified-5h-Reset': String(Math.floor(Date.now() / 1000) + 60) };
      anHour(await seconds({ ...window('5h'), ...soon, ...window('7d') }));
    },
  },
  {
    names: ['ClaudeExecutor_RateLimit_CountTokensHonorsRateLimitReset'],
    async run() {
      await withGateway(limited(window('5h')), async (gateway) => {
        const { max_tokens: _, ...counted } = claudeAsk;
        const got = await gateway.post('/v1/messages/count_tokens', counted);
        expect(got.status).toBe(429);
        anHour(Number(got.headers.get('retry-after')));
      });
    },
  },
  {
    names: ['ClaudeExecutor_RateLimit_FastModeAuthoritativeRejectionHeadersOverrideBody'],
    async run() {
      expect(await stopsSibling(limited(window('5h'), 'Fast mode: the limit of your plan is reached'))).toBe(true);
    },
  },
  {
    names: ['ClaudeExecutor_RateLimit_FastEntitlementWithRetryAfterRemainsRequestScoped'],
    async run() {
      const refuse = limited({ 'retry-after': '3600' }, 'Fast mode requires usage credits');
      await withGateway(
        (request, response, body) => (JSON.parse(body).speed === 'fast' ? refuse : ok)(request, response, body),
        async (gateway) => {
          const refused = await ask(gateway, 'up', { speed: 'fast' });
          expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3600']);
          expect((await ask(gateway)).status).toBe(200);
        },
      );
    },
  },
  {
    names: ['ClaudeExecutor_AuthManager_CredentialScopeBlocksAllModelsAndAliases'],
    async run() {
      const entry = '    models: [{ name: up }, { name: other, alias: short }]';
      await withGateway(
        limited(window('7d')),
        async (gateway) => {
          expect((await ask(gateway)).status).toBe(429);
          for (const model of ['short', 'up']) expect((await ask(gateway, model)).status).toBe(429);
          expect(models(gateway)).toEqual(['up']);
        },
        { entry },
      );
    },
  },
  {
    names: ['ClaudeExecutor_AuthManager_OrdinaryModel429DoesNotBlockSiblingModels'],
    async run() {
      expect(await stopsSibling(limited())).toBe(false);
      expect(await stopsSibling(limited({ 'retry-after': '3600' }))).toBe(false);
    },
  },
  {
    names: ['ClaudeExecutor_AuthManager_AlternativeCredentialCanBeSelected'],
    async run() {
      await withGateway(
        onlyUp(limited(window('5h'))),
        async (gateway) => {
          for (let turn = 0; turn < 3; turn++) expect((await ask(gateway)).status).toBe(200);
          const keys = gateway.seen.map(({ headers }) => headers.authorization);
          expect(keys.filter((key) => key === 'Bearer sk-up-1').length).toBeLessThanOrEqual(1);
          expect(keys.filter((key) => key === 'Bearer sk-up-2')).toHaveLength(3);
        },
        { keys: ['sk-up-1', 'sk-up-2'] },
      );
    },
  },
  {
    names: ['ClaudeExecutor_AuthManager_MultiModelPoolStreamStopsProbingOn429'],
    async run() {
      const entry = '    models: [{ name: up, alias: pool }, { name: other, alias: pool }]';
      await withGateway(
        limited(window('5h')),
        async (gateway) => {
          expect((await ask(gateway, 'pool', { stream: true })).status).toBe(429);
          expect(gateway.seen).toHaveLength(1);
        },
        { entry },
      );
    },
  },
];

export const claudeFableLimit: Group = { group: 'claude_executor_fable_ratelimit', entries: fable };
export const claudeExecutorLimits: Group = { group: 'claude_executor_ratelimit', entries: limits };
