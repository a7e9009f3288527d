import type { QuotaReading } from '../../auth/login.ts';
import { isVendorFields, type VendorFields, vendorList, vendorNumber, vendorText } from '../../auth/vendor-api.ts';

const MINUTE_S = 60;
const DAY_MINUTES = 24 * 60;

/**
 * What `/backend-api/wham/usage` says of a ChatGPT plan. Its windows are named for their length: which of the two is
 * the first is not the same in all plans.
 */
export function readUsage(usage: VendorFields, nowMs: number): readonly QuotaReading[] {
  const further = vendorList(usage['additional_rate_limits']).flatMap((limit) => {
    const name = vendorText(limit['limit_name']) ?? vendorText(limit['metered_feature']) ?? 'other';
    return windowsOf(limit['rate_limit'], nowMs, `${name}, `);
  });
  return [...windowsOf(usage['rate_limit'], nowMs, ''), ...further, ...creditsOf(usage['credits'])];
}

function windowsOf(limits: unknown, nowMs: number, prefix: string): QuotaReading[] {
  if (!isVendorFields(limits)) return [];
  return [limits['primary_window'], limits['secondary_window']].flatMap((window) => {
    if (!isVendorFields(window)) return [];
    const percent = vendorNumber(window['used_percent']);
    const lengthS = vendorNumber(window['limit_window_seconds']);
    if (percent === undefined) return [];
    const resetsAtMs = resetOf(window, nowMs);
    return [
      {
        name: `${prefix}${nameOf(lengthS)}`,
        remaining: Math.min(1, Math.max(0, 1 - percent / 100)),
        ...(resetsAtMs === undefined ? {} : { resetsAtMs }),
      },
    ];
  });
}

function resetOf(window: VendorFields, nowMs: number): number | undefined {
  const atS = vendorNumber(window['reset_at']);
  const afterS = vendorNumber(window['reset_after_seconds']);
  if (atS !== undefined) return atS * 1000;
  return afterS === undefined ? undefined : nowMs + afterS * 1000;
}

function creditsOf(credits: unknown): QuotaReading[] {
  if (!isVendorFields(credits) || credits['has_credits'] !== true) return [];
  const balance = vendorNumber(credits['balance']);
  const unlimited = credits['unlimited'] === true;
  if (balance === undefined && !unlimited) return [];
  return [{ name: 'credits', ...(unlimited ? { unlimited } : { limit: balance ?? 0, used: 0 }), unit: 'credits' }];
}

/** 18000 -> `5 hours`, 604800 -> `7 days`. */
function nameOf(lengthS: number | undefined): string {
  if (lengthS === undefined || lengthS <= 0) return 'plan';
  const minutes = Math.round(lengthS / MINUTE_S);
  if (minutes % DAY_MINUTES === 0) return minutes === DAY_MINUTES ? '1 day' : `${minutes / DAY_MINUTES} days`;
  const hours = Math.ceil(minutes / 60);
  return hours === 1 ? '1 hour' : `${hours} hours`;
}
