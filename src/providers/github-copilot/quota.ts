import type { QuotaReading } from '../../auth/login.ts';
import { askVendor, isVendorFields, type VendorFields, vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import type { AccountFields, AccountIo } from '../provider.ts';
import { GITHUB_API, githubHeaders, githubToken } from './exchange.ts';

const NAMES: Readonly<Record<string, string>> = {
  premium_interactions: 'premium requests',
  chat: 'chat messages',
  completions: 'code completions',
};

/** What GitHub says of the plan. */
export function askPlan(fields: AccountFields, io: Pick<AccountIo, 'fetch' | 'signal'>): Promise<VendorFields> {
  const call = { url: `${GITHUB_API}/copilot_internal/user`, headers: githubHeaders(fields) };
  return askVendor({ ...call, secrets: [githubToken(fields)] }, io);
}

/** Members of a record that say what is left of the plan, as GitHub's answer has them. */
export function planMembers(answer: VendorFields): AccountFields {
  const names = [
    'copilot_plan',
    'quota_reset_date',
    'quota_snapshots',
    'limited_user_quotas',
    'limited_user_reset_date',
    'monthly_quotas',
  ];
  return Object.fromEntries(names.flatMap((name) => (answer[name] === undefined ? [] : [[name, answer[name]]])));
}

/** Reads either shape: snapshots of paid plans, or the counts of the free one. None: GitHub said nothing. */
export function readQuota(answer: VendorFields): readonly QuotaReading[] {
  const resetsAtMs = momentOf(answer['quota_reset_date']) ?? momentOf(answer['limited_user_reset_date']);
  const reset = resetsAtMs === undefined ? {} : { resetsAtMs };
  const { quota_snapshots: snapshots, limited_user_quotas: left, monthly_quotas: limits } = answer;
  const paid = Object.entries(isVendorFields(snapshots) ? snapshots : {}).flatMap(([id, snapshot]) =>
    isVendorFields(snapshot) ? [{ ...readSnapshot(id, snapshot), ...reset }] : [],
  );
  if (paid.length > 0) return paid;
  const most = isVendorFields(limits) ? limits : {};
  return Object.entries(isVendorFields(left) ? left : {}).flatMap(([id, value]) => {
    const remaining = vendorNumber(value);
    return remaining === undefined ? [] : [{ ...counted(id, remaining, vendorNumber(most[id])), ...reset }];
  });
}

function readSnapshot(id: string, snapshot: VendorFields): QuotaReading {
  const name = NAMES[id] ?? id;
  if (snapshot['unlimited'] === true) return { name, unlimited: true };
  const percent = vendorNumber(snapshot['percent_remaining']);
  const remaining = vendorNumber(snapshot['quota_remaining']) ?? vendorNumber(snapshot['remaining']);
  const limit = vendorNumber(snapshot['entitlement']);
  const known = counted(id, remaining, limit);
  return percent === undefined ? known : { ...known, remaining: within(percent / 100) };
}

function counted(id: string, remaining: number | undefined, limit: number | undefined): QuotaReading {
  const isKnown = remaining !== undefined && limit !== undefined && limit > 0;
  return {
    name: NAMES[id] ?? id,
    ...(isKnown ? { remaining: within(remaining / limit), used: Math.max(0, limit - remaining) } : {}),
    ...(limit === undefined ? {} : { limit }),
    unit: 'requests',
  };
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function momentOf(value: unknown): number | undefined {
  const ms = Date.parse(vendorText(value) ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
