import { expect, it } from 'vitest';
import { discoverProfile, listModels, readQuota, usageLimits } from './management.ts';

interface Seen {
  readonly url: string;
  readonly target: string;
  readonly body: unknown;
}

/** A service that answers these operations and refuses all others. */
function service(answers: Record<string, unknown>) {
  const seen: Seen[] = [];
  const fetchIt = (async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const target = headers.get('x-amz-target') ?? '';
    seen.push({ url, target, body: JSON.parse(String(init.body)) });
    const answer = answers[target.split('.')[1] ?? ''];
    return answer === undefined
      ? new Response('{"__type":"AccessDeniedException","message":"no fake-token here"}', { status: 403 })
      : new Response(JSON.stringify(answer));
  }) as typeof fetch;
  return { seen, io: { fetch: fetchIt, signal: AbortSignal.timeout(1000) } };
}

const social = {
  access_token: 'fake-token',
  auth_method: 'social',
  profile_arn: 'arn:aws:codewhisperer:eu-west-1:1:profile/X',
};

it('asks where the profile is, and names it', async () => {
  const { seen, io } = service({ GetUsageLimits: {} });
  await usageLimits(social, io);
  expect(seen).toEqual([
    {
      url: 'https://codewhisperer.eu-west-1.amazonaws.com/',
      target: 'AmazonCodeWhispererService.GetUsageLimits',
      body: {
        origin: 'AI_EDITOR',
        resourceType: 'AGENTIC_REQUEST',
        profileArn: social.profile_arn,
        isEmailRequired: true,
      },
    },
  ]);
});

it('does not name that of an account of Amazon', async () => {
  const { seen, io } = service({ ListAvailableModels: { models: [] } });
  await listModels({ ...social, auth_type: 'aws_sso_oidc', auth_method: undefined }, io);
  expect(seen.map(({ body }) => body)).toEqual([{ origin: 'AI_EDITOR' }]);
});

it('a refusal does not repeat the token', async () => {
  const { io } = service({});
  await expect(listModels(social, io)).rejects.toThrow('no *** here');
});

it('reads models', async () => {
  const models = [
    { modelId: 'a', modelName: 'A', tokenLimits: { maxInputTokens: 10, maxOutputTokens: 5 } },
    { modelId: 'b' },
    { modelName: 'nameless' },
    'none',
  ];
  const { io } = service({ ListAvailableModels: { models } });
  expect(await listModels(social, io)).toEqual([
    { id: 'a', displayName: 'A', contextLength: 10, maxOutputTokens: 5 },
    { id: 'b' },
  ]);
});

it.each([
  [{ ListProfiles: { profiles: [{ arn: 'arn:1' }, { arn: 'arn:2' }] } }, 'arn:1', 1],
  [{ ListProfiles: { profileArn: 'arn:3' } }, 'arn:3', 1],
  [{ ListProfiles: { profiles: [] }, ListAvailableCustomizations: { profileArn: 'arn:4' } }, 'arn:4', 2],
  [{ ListAvailableCustomizations: { profiles: [{ arn: 'arn:5' }] } }, 'arn:5', 2],
  [{}, undefined, 2],
])('finds the profile in %j', async (answers, arn, calls) => {
  const { seen, io } = service(answers);
  expect(await discoverProfile({ access_token: 'fake-token' }, io)).toBe(arn);
  expect(seen).toHaveLength(calls);
  expect(seen[0]).toEqual({
    url: 'https://codewhisperer.us-east-1.amazonaws.com/',
    target: 'AmazonCodeWhispererService.ListProfiles',
    body: { origin: 'AI_EDITOR' },
  });
});

it('reads what is left', () => {
  expect(readQuota({})).toEqual([]);
  const nextDateReset = 1_800_000_000;
  expect(
    readQuota({ nextDateReset, usageBreakdownList: [{ resourceType: 'R', usageLimit: 4, currentUsage: 5 }] }),
  ).toEqual([{ name: 'R', remaining: 0, used: 5, limit: 4, resetsAtMs: 1_800_000_000_000 }]);
  expect(readQuota({ usageBreakdownList: [{ nextDateReset: 1_800_000_000_123 }] })).toEqual([
    { name: 'requests', resetsAtMs: 1_800_000_000_123 },
  ]);
  const freeTrialInfo = { freeTrialStatus: 'EXPIRED', usageLimitWithPrecision: 1 };
  expect(readQuota({ usageBreakdownList: [{ displayName: 'C', usageLimit: 0, freeTrialInfo }] })).toEqual([
    { name: 'C', limit: 0 },
  ]);
});
