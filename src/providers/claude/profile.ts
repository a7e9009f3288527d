import type { QuotaReading } from '../../auth/login.ts';
import {
  askVendor,
  isVendorFields,
  type VendorCall,
  type VendorFields,
  type VendorIo,
  vendorNumber,
  vendorText,
} from '../../auth/vendor-api.ts';

/** Whom a login is of. */
export interface Profile {
  readonly email?: string;
  readonly accountUuid?: string;
  readonly organizationUuid?: string;
  readonly organizationName?: string;
  /** `pro`, `max`, `team`, `enterprise`. */
  readonly plan?: string;
}

/** Sent with everything that a login asks: tokens are refused without it. */
export const OAUTH_BETA = 'oauth-2025-04-20';
const API = 'https://api.anthropic.com/api/oauth';

/** Asks whose tokens these are. Throws ProxyError. */
export async function askProfile(fields: VendorFields, io: VendorIo): Promise<Profile> {
  const { account, organization } = await askVendor(question(`${API}/profile`, fields), io);
  const person = isVendorFields(account) ? account : {};
  const group = isVendorFields(organization) ? organization : {};
  const known = {
    email: vendorText(person['email']),
    accountUuid: vendorText(person['uuid']),
    organizationUuid: vendorText(group['uuid']),
    organizationName: vendorText(group['name']),
    plan: planOf(group['organization_type'], person),
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Asks what is left of the plan; setup tokens may not ask. Throws ProxyError. */
export async function askUsage(fields: VendorFields, io: VendorIo): Promise<readonly QuotaReading[]> {
  if (vendorText(fields['refresh_token']) === undefined) return [];
  return readUsage(await askVendor(question(`${API}/usage`, fields), io));
}

const WINDOWS: readonly (readonly [string, string])[] = [
  ['five_hour', '5 hours'],
  ['seven_day', '7 days'],
  ['seven_day_opus', '7 days, Opus'],
  ['seven_day_sonnet', '7 days, Sonnet'],
  ['seven_day_oauth_apps', '7 days, apps'],
];

/** Windows in per cent; those that the plan does not have are null. */
export function readUsage(usage: VendorFields): readonly QuotaReading[] {
  const windows = WINDOWS.flatMap(([member, name]) => {
    const window = usage[member];
    const percent = isVendorFields(window) ? vendorNumber(window['utilization']) : undefined;
    if (!isVendorFields(window) || percent === undefined) return [];
    const resetsAtMs = Date.parse(vendorText(window['resets_at']) ?? '');
    const remaining = Math.min(1, Math.max(0, 1 - percent / 100));
    return [{ name, remaining, ...(Number.isNaN(resetsAtMs) ? {} : { resetsAtMs }) }];
  });
  return [...windows, ...extraUsage(usage['extra_usage'])];
}

/** Paid usage beyond the plan, where the person allows it. */
function extraUsage(extra: unknown): QuotaReading[] {
  if (!isVendorFields(extra) || extra['is_enabled'] !== true) return [];
  const [limit, used] = [vendorNumber(extra['monthly_limit']), vendorNumber(extra['used_credits'])];
  if (limit === undefined && used === undefined) return [];
  return [
    {
      name: 'extra usage',
      unit: 'cents',
      ...(limit === undefined ? { unlimited: true } : { limit }),
      ...(used === undefined ? {} : { used }),
      ...(limit === undefined || limit <= 0 || used === undefined
        ? {}
        : { remaining: Math.min(1, Math.max(0, 1 - used / limit)) }),
    },
  ];
}

/** `claude_max` -> `max`. */
function planOf(type: unknown, person: VendorFields): string | undefined {
  const named = vendorText(type)?.replace(/^claude_/, '');
  if (named !== undefined) return named;
  if (person['has_claude_max'] === true) return 'max';
  return person['has_claude_pro'] === true ? 'pro' : undefined;
}

function question(url: string, fields: VendorFields): VendorCall {
  const token = vendorText(fields['access_token']) ?? '';
  return { url, headers: { authorization: `Bearer ${token}`, 'anthropic-beta': OAUTH_BETA }, secrets: [token] };
}
