/** What the service tells of an account: who it is, what is left of its plan, which models it has. */
import type { QuotaReading } from '../../auth/login.ts';
import {
  askVendor,
  isVendorFields,
  type VendorFields,
  type VendorIo,
  vendorList,
  vendorNumber,
  vendorText,
} from '../../auth/vendor-api.ts';
import type { ModelInfo } from '../../models/model-info.ts';
import type { AccountFields } from '../provider.ts';
import { HOME_REGION, managementUrl } from './places.ts';
import { apiRegion, profileOf } from './record.ts';

const ORIGIN = 'AI_EDITOR';

/** An operation of the service, in Amazon's JSON protocol. */
async function operate(
  fields: AccountFields,
  operation: string,
  members: VendorFields,
  io: VendorIo,
): Promise<VendorFields> {
  const token = vendorText(fields['access_token']) ?? '';
  const json = { origin: ORIGIN, ...members };
  return askVendor(
    {
      url: `${managementUrl(apiRegion(fields))}/`,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonCodeWhispererService.${operation}`,
      },
      json,
      secrets: [token],
    },
    io,
  );
}

function profileMember(fields: AccountFields): VendorFields {
  const profileArn = profileOf(fields);
  return profileArn === undefined ? {} : { profileArn };
}

/** Asks what is left of the plan, and whose it is. Throws ProxyError. */
export async function usageLimits(fields: AccountFields, io: VendorIo): Promise<VendorFields> {
  const members = { resourceType: 'AGENTIC_REQUEST', ...profileMember(fields), isEmailRequired: true };
  return operate(fields, 'GetUsageLimits', members, io);
}

/** The allowances in such an answer. */
export function readQuota(limits: VendorFields): readonly QuotaReading[] {
  return vendorList(limits['usageBreakdownList']).flatMap((entry) => {
    const name = vendorText(entry['displayName']) ?? vendorText(entry['resourceType']) ?? 'requests';
    const resets = momentMs(entry['nextDateReset'] ?? limits['nextDateReset']);
    const trial = entry['freeTrialInfo'];
    const isTrial = isVendorFields(trial) && vendorText(trial['freeTrialStatus'])?.toUpperCase() === 'ACTIVE';
    return [
      reading(name, entry, resets),
      ...(isTrial ? [reading(`${name} (free trial)`, trial, momentMs(trial['freeTrialExpiry']))] : []),
    ];
  });
}

function reading(name: string, entry: VendorFields, resetsAtMs: number | undefined): QuotaReading {
  const used = vendorNumber(entry['currentUsageWithPrecision'] ?? entry['currentUsage']);
  const limit = vendorNumber(entry['usageLimitWithPrecision'] ?? entry['usageLimit']);
  const isTold = used !== undefined && limit !== undefined && limit > 0;
  return {
    name,
    ...(isTold && { remaining: Math.min(1, Math.max(0, 1 - used / limit)) }),
    ...(used !== undefined && { used }),
    ...(limit !== undefined && { limit }),
    ...(resetsAtMs !== undefined && { resetsAtMs }),
  };
}

/** Seconds or milliseconds: nothing of today is below 1e11 in the latter. */
function momentMs(value: unknown): number | undefined {
  const number = vendorNumber(value);
  if (number === undefined || number <= 0) return undefined;
  return number < 1e11 ? Math.round(number * 1000) : Math.round(number);
}

/** Asks which models the account has. Throws ProxyError. */
export async function listModels(fields: AccountFields, io: VendorIo): Promise<readonly ModelInfo[]> {
  const answer = await operate(fields, 'ListAvailableModels', profileMember(fields), io);
  return vendorList(answer['models']).flatMap((model): ModelInfo[] => {
    const id = vendorText(model['modelId']);
    if (id === undefined) return [];
    const displayName = vendorText(model['modelName']);
    const limits = isVendorFields(model['tokenLimits']) ? model['tokenLimits'] : {};
    const contextLength = vendorNumber(limits['maxInputTokens']);
    const maxOutputTokens = vendorNumber(limits['maxOutputTokens']);
    return [
      {
        id,
        ...(displayName !== undefined && { displayName }),
        ...(contextLength !== undefined && { contextLength }),
        ...(maxOutputTokens !== undefined && { maxOutputTokens }),
      },
    ];
  });
}

/** The profile of an account whose login did not tell it; undefined: it has none. */
export async function discoverProfile(fields: AccountFields, io: VendorIo): Promise<string | undefined> {
  const home = { ...fields, api_region: vendorText(fields['api_region']) ?? HOME_REGION };
  for (const operation of ['ListProfiles', 'ListAvailableCustomizations']) {
    // Not every account may ask for both.
    const answer = await operate(home, operation, {}, io).catch((): VendorFields => ({}));
    const [first] = vendorList(answer['profiles']);
    const arn = vendorText(first?.['arn']) ?? vendorText(answer['profileArn']);
    if (arn !== undefined) return arn;
  }
  return undefined;
}
